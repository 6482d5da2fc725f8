package dev.runledger.testkit;

import dev.runledger.store.RunStore;

class InMemoryRetentionStoreTest extends RetentionStoreContract {
    @Override
    protected RunStore newStore() {
        return RunStore.inMemory();
    }
}
