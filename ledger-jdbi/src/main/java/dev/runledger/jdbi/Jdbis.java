package dev.runledger.jdbi;

import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/** A Jdbi of the store's own, so that what a host has configured on its Jdbi changes no statement here. */
final class Jdbis {
    private Jdbis() {}

    static Jdbi over(ConnectionFactory connections) {
        Jdbi jdbi = Jdbi.create(connections);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        return jdbi;
    }

    /**
     * Works on a connection of its own. Once the answer has come it stands: a connection that breaks while it is given back is the
     * pool's to replace.
     */
    static <T, X extends Exception> T answer(Jdbi jdbi, HandleCallback<T, X> work) throws X {
        Handle handle = jdbi.open();
        T answer;
        try {
            answer = work.withHandle(handle);
        } catch (Throwable failed) {
            try (handle) {
                throw failed; // what closing throws besides is suppressed
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
