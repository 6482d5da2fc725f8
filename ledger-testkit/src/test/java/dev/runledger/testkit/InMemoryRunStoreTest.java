package dev.runledger.testkit;

import dev.runledger.store.RunStore;

class InMemoryRunStoreTest extends RunStoreContract {
    @Override
    protected RunStore newStore() {
        return RunStore.inMemory();
    }
}
