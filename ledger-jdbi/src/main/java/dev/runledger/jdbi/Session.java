package dev.runledger.jdbi;

import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** Where the work of a call is done: on a connection of the store's own, or on the one of a host's transaction. */
interface Session {
    /** Writes: alone and whole, or as a part of the host's transaction. */
    <T> T write(Call call, Work<T> work);

    /** Reads. */
    <T> T read(Call call, Work<T> work);

    /** Several statements of a write as one transaction, where the session has not begun one already. */
    <T> T transaction(Handle handle, Supplier<T> statements);

    /**
     * What is done on a connection.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    interface Work<T> {
        /** Does it; {@code attempt} counts from 1 and is more where it may have been done before without an answer. */
        T on(Handle handle, int attempt);
    }

    /**
     * What is asked for, in the words of the ledger.
     *
     * @param name the call
     * @param subject the id of what it is about
     */
    record Call(String name, String subject) {
        @Override
        public String toString() {
            return subject.isEmpty() ? name : name + " of " + subject;
        }
    }
}
