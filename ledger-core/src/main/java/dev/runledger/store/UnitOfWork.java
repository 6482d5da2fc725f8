package dev.runledger.store;

/**
 * A transaction of the host's that calls on a ledger join: what they change is committed and rolled back with it, and is told
 * after the commit. A store makes them; {@code ledger.in(unit)} uses one.
 *
 * <p>Belongs to the thread that the transaction belongs to.
 */
public interface UnitOfWork {
    /** The store inside this transaction: it writes and reads on the transaction's connection, and commits nothing. */
    RunStore store();

    /**
     * Keeps what is to be told until the transaction has ended. After the commit it is told where its event's row is there, in the
     * order in which it came; after a rollback, to a savepoint too, it is dropped. What is pending throws nothing.
     */
    void afterCommit(Pending pending);

    /** What waits for the end of a transaction. */
    interface Pending {
        /** The event whose row tells whether the transaction kept it. */
        String eventId();

        /** The row is there. */
        void tell();

        /** The row is not there, or nobody can say whether it is. */
        void drop();
    }
}
