package dev.runledger.testkit;

import dev.runledger.store.RunStore;
import dev.runledger.store.RunStore.Pending;
import dev.runledger.store.RunStore.UnitOfWork;

/**
 * A unit of work that is open from the first thing that it has to tell until it tells or drops it. What is told on its thread in between
 * is told too early: past the unit, or by a unit that does not wait for its commit.
 */
record WatchedUnit(UnitOfWork unit, OpenTransactions transactions) implements UnitOfWork {
    @Override
    public RunStore store() {
        return unit.store();
    }

    @Override
    public void afterCommit(Pending pending) {
        boolean[] asked = {true};
        transactions.begin(this);
        unit.afterCommit(new Pending() {
            @Override
            public String eventId() {
                return pending.eventId();
            }

            @Override
            public void emit() {
                if (asked[0]) { // it was to wait, and did not: what it tells is told inside the transaction
                    pending.emit();
                }
                transactions.end(WatchedUnit.this);
                if (!asked[0]) {
                    pending.emit();
                }
            }

            @Override
            public void drop() {
                transactions.end(WatchedUnit.this);
                pending.drop();
            }
        });
        asked[0] = false;
    }
}
