package dev.runledger.testkit;

import dev.runledger.store.RunStore;
import dev.runledger.store.RunStore.Pending;
import dev.runledger.store.RunStore.UnitOfWork;

/**
 * Watches a unit of work: it is open from the first event that waits for its commit until that event is emitted or dropped. What its thread
 * emits in between is emitted too early: past the unit, or by a unit that does not wait for its commit.
 */
record WatchedUnit(UnitOfWork unit, OpenTransactions transactions) implements UnitOfWork {
    @Override
    public RunStore store() {
        return unit.store();
    }

    @Override
    public RunStore storeAfterCommit() {
        return unit.storeAfterCommit();
    }

    @Override
    public void afterCommit(Pending pending) {
        boolean[] registering = {true};
        transactions.begin(this);
        unit.afterCommit(new Pending() {
            @Override
            public String eventId() {
                return pending.eventId();
            }

            @Override
            public void emit(int before) {
                if (!registering[0]) { // else it did not wait: what it emits is emitted inside the transaction
                    transactions.end(WatchedUnit.this);
                }
                try {
                    pending.emit(before);
                } finally {
                    transactions.release(WatchedUnit.this);
                }
            }

            @Override
            public void drop() {
                transactions.release(WatchedUnit.this);
                pending.drop();
            }
        });
        registering[0] = false;
    }
}
