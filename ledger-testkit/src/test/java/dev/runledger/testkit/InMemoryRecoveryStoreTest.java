package dev.runledger.testkit;

import dev.runledger.store.RunStore;

class InMemoryRecoveryStoreTest extends RecoveryStoreContract {
    @Override
    protected RunStore newStore() {
        return RunStore.inMemory();
    }
}
