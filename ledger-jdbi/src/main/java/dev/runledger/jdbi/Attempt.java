package dev.runledger.jdbi;

import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * One attempt at a write, on one connection.
 *
 * @param session the session that makes it
 * @param handle the connection
 * @param number counted from 1; more than 1 if an earlier attempt may have stored something and lost the answer
 */
record Attempt(Session session, Handle handle, int number) {
    /** Returns whether an earlier attempt may have stored something and lost the answer. */
    boolean isAgain() {
        return number > 1;
    }

    /** Runs several statements as one transaction. */
    <T> T transaction(Supplier<T> statements) {
        return session.transaction(handle, statements);
    }
}
