package dev.runledger.jdbi;

import dev.runledger.store.RunStore;
import dev.runledger.store.RunStore.Pending;
import dev.runledger.store.RunStore.UnitOfWork;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The transaction of a plain JDBC connection. The connection cannot say when it has committed, so the application does, right after its
 * commit.
 *
 * <pre>{@code
 * try (ConnectionUnit unit = store.unit(connection)) {
 *     ledger.in(unit).succeed(id);
 *     connection.commit();
 *     unit.committed();
 * }
 * }</pre>
 *
 * <p>If it is closed without {@link #committed()}, nothing is emitted, and {@code WorkflowRunEvents.Counters.rolledBack} counts how much.
 * It does not commit, roll back or close the connection. Belongs to the thread that the connection belongs to.
 */
public final class ConnectionUnit implements UnitOfWork, AutoCloseable {
    private final RunStore joined;
    private final RunStore committed;
    private final PendingEvents.LookUp lookUp;
    private final AtomicBoolean closed;
    private final PendingEvents pending = new PendingEvents();

    ConnectionUnit(RunStore joined, RunStore committed, PendingEvents.LookUp lookUp, AtomicBoolean closed) {
        this.joined = joined;
        this.committed = committed;
        this.lookUp = lookUp;
        this.closed = closed;
    }

    @Override
    public RunStore store() {
        return joined;
    }

    @Override
    public RunStore storeAfterCommit() {
        return committed;
    }

    @Override
    public void afterCommit(Pending each) {
        pending.add(each);
    }

    /**
     * Emits the events of the transaction. Call it right after the commit, before anything else is done on the connection: on it,
     * this looks up which events a rollback to a savepoint undid, and drops them.
     */
    public void committed() {
        pending.committed(lookUp);
    }

    /** Drops the events that were not committed. A call on the unit afterwards is refused. */
    @Override
    public void close() {
        closed.set(true);
        pending.dropped();
    }
}
