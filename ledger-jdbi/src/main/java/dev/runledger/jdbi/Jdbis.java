package dev.runledger.jdbi;

import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/** Makes the Jdbi of a store, so that no configuration of the application's Jdbi changes a statement here. */
final class Jdbis {
    private Jdbis() {}

    static Jdbi over(ConnectionFactory connections) {
        Jdbi jdbi = Jdbi.create(connections);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        return jdbi;
    }

    /**
     * Runs the work on a connection and returns its answer, even if the connection breaks while it is given back: the pool replaces it.
     */
    static <T, X extends Exception> T answer(Jdbi jdbi, HandleCallback<T, X> work) throws X {
        Handle handle = jdbi.open();
        T answer;
        try {
            answer = work.withHandle(handle);
        } catch (Throwable failed) {
            try (handle) {
                throw failed; // what closing throws is suppressed
            }
        }
        try {
            handle.close();
        } catch (JdbiException broken) {
            // see above: the answer stands
        }
        return answer;
    }
}
