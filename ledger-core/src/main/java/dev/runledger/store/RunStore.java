package dev.runledger.store;

import dev.runledger.history.RunHistory;
import dev.runledger.run.CallOutcome;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Keeps runs and their tasks: it decides each change against what stands, and stores the state and its event together.
 *
 * <p>The ledger calls it on the application's threads, concurrently. A store emits and logs nothing. What does not fit the state
 * machine is an outcome; a {@link StoreException} says that something could not be stored. Times are those of the store's own clock, in
 * microseconds. A test of a store extends {@code RunStoreContract} of the testkit. A store that can count also implements {@link
 * dev.runledger.history.RunStatistics}.
 */
public interface RunStore {
    /**
     * Carries a command out, all of it or nothing. An implementation hands itself, or a part of itself, to {@link StoreCommand#on}.
     *
     * @param <O> the outcome of the command
     * @throws StoreException if the command could not be carried out; it says whether anything is known to be stored
     */
    <O extends CallOutcome> O apply(StoreCommand<O> command);

    /**
     * Carries many commands out, each by itself, and hands over what became of each as soon as it is known, in any order. The default
     * applies one after the other; a store overrides it that can make many of them at once. Two commands about the same run are carried
     * out in their order.
     *
     * @param <O> the outcome of the commands
     * @param outcomes is called once for each command that was carried out, on this thread; must not throw
     * @throws StoreException if a command could not be carried out; what was carried out until then was handed over, and nothing is
     *     known to be stored of the rest, but of this one as the exception says
     */
    default <O extends CallOutcome> void applyAll(
            List<StoreCommand<O>> commands, BiConsumer<StoreCommand<O>, O> outcomes) {
        for (StoreCommand<O> command : commands) {
            outcomes.accept(command, apply(command));
        }
    }

    /** Returns the read side of this store. */
    RunHistory history();

    /**
     * Returns the key under which the ledger makes digests of targets, delivery ids and correlation keys that show a secret: 32 random
     * bytes, made once by the store, and the same in every process that uses the same data. Without the key, what was stored cannot be
     * found by its own text. The array is the caller's.
     *
     * @throws StoreException if the key could not be read
     */
    byte[] identityKey();

    /** Returns a store in memory that keeps the newest 10,000 ended runs, by the system's clock. */
    static RunStore inMemory() {
        return inMemory(InstantSource.system(), 10_000);
    }

    /**
     * Returns a store in memory, for tests and for applications that can lose their runs. It has {@code RunStatistics}.
     *
     * @param clock the clock of the store
     * @param keptEnded how many ended runs are kept, the newest; runs in flight are always kept
     */
    static RunStore inMemory(InstantSource clock, int keptEnded) {
        return new InMemoryRunStore(clock, keptEnded);
    }

    /**
     * A transaction of the application that calls on a ledger join: their changes are committed and rolled back with it, and their events
     * are emitted after the commit. A store makes it; {@code ledger.in(unit)} uses it.
     *
     * <p>Belongs to the thread that the transaction belongs to.
     */
    interface UnitOfWork {
        /**
         * Returns the store inside this transaction. It writes and reads on the transaction's connection, and commits nothing. Once the
         * transaction has ended it throws an {@link IllegalStateException}, and stores nothing.
         */
        RunStore store();

        /**
         * Returns the store for calls that follow from the commit, while a {@link Pending} is emitted. Each of its writes is committed by
         * itself. It uses the transaction's connection while that is open and the application has done nothing else on it, since there may
         * be no other; else one of its own.
         */
        RunStore storeAfterCommit();

        /**
         * Keeps something until the transaction has ended. After the commit it is emitted, in order, if the row of its event is there.
         * After a rollback, to a savepoint too, it is dropped. Nothing that it does throws.
         */
        void afterCommit(Pending pending);
    }

    /** Waits for the end of a transaction. */
    interface Pending {
        /** Returns the id of the event whose row shows that the transaction kept it. */
        String eventId();

        /**
         * Called after the commit if the row is there.
         *
         * @param before how many of the same transaction were emitted before it
         */
        void emit(int before);

        /** Called if the row is not there, or if it cannot be known whether it is. */
        void drop();
    }
}
