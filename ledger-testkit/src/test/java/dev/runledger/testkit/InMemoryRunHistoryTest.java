package dev.runledger.testkit;

import dev.runledger.store.RunStore;

class InMemoryRunHistoryTest extends RunHistoryContract {
    @Override
    protected RunStore newStore() {
        return RunStore.inMemory();
    }
}
