package dev.runledger.jdbi;

import dev.runledger.store.RunStore;
import dev.runledger.store.RunStore.Pending;
import dev.runledger.store.RunStore.UnitOfWork;
import org.jdbi.v3.core.Handle;

/** The transaction of a Jdbi handle of the application. The handle says when it has ended. */
final class HandleUnit implements UnitOfWork {
    private final Handle handle;
    private final RunStore joined;
    private final RunStore committed;
    private final PendingEvents.LookUp lookUp;
    private final PendingEvents pending = new PendingEvents();

    HandleUnit(Handle handle, RunStore joined, RunStore committed, PendingEvents.LookUp lookUp) {
        this.handle = handle;
        this.joined = joined;
        this.committed = committed;
        this.lookUp = lookUp;
    }

    @Override
    public RunStore store() {
        return joined;
    }

    @Override
    public RunStore storeAfterCommit() {
        return committed;
    }

    /** Registers with the handle once for each transaction: Jdbi forgets its callbacks when one ends. */
    @Override
    public void afterCommit(Pending each) {
        if (pending.add(each)) {
            handle.afterCommit(() -> pending.committed(lookUp));
            handle.afterRollback(pending::dropped);
        }
    }
}
