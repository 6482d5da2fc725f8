package dev.runledger.testkit;

import dev.runledger.store.LeaseStore;
import dev.runledger.store.RunStore;

class InMemoryLeaseStoreTest extends LeaseStoreContract {
    @Override
    protected LeaseStore newStore() {
        return (LeaseStore) RunStore.inMemory();
    }
}
