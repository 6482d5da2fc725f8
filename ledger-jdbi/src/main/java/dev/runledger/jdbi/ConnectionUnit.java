package dev.runledger.jdbi;

import dev.runledger.store.RunStore;
import dev.runledger.store.RunStore.UnitOfWork;

/**
 * The transaction of a plain JDBC connection, which cannot say when it has ended: the host does, right after its commit.
 *
 * <pre>{@code
 * try (ConnectionUnit unit = store.unit(connection)) {
 *     ledger.in(unit).succeed(id);
 *     connection.commit();
 *     unit.committed();
 * }
 * }</pre>
 *
 * <p>Closed without {@link #committed()}, nothing is told, and {@code WorkflowRunEvents.Counters.untold} says how much. Neither commits, rolls
 * back or closes the connection. Belongs to the thread that the connection belongs to.
 */
public final class ConnectionUnit implements UnitOfWork, AutoCloseable {
    private final RunStore joined;
    private final PendingEvents.LookUp lookUp;
    private final PendingEvents pending = new PendingEvents();

    ConnectionUnit(RunStore joined, PendingEvents.LookUp lookUp) {
        this.joined = joined;
        this.lookUp = lookUp;
    }

    @Override
    public RunStore store() {
        return joined;
    }

    @Override
    public void afterCommit(Pending each) {
        pending.add(each);
    }

    /**
     * The connection has just committed: tells what the transaction kept. One look-up drops what a rollback to a savepoint undid;
     * it is made on this very connection, so it comes before anything else that the host does there.
     */
    public void committed() {
        pending.committed(lookUp);
    }

    /** Drops what was not committed. */
    @Override
    public void close() {
        pending.dropped();
    }
}
