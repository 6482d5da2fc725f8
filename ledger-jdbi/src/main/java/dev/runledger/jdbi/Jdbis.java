package dev.runledger.jdbi;

import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
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

    /** Closes a handle whose work is done: the answer has come, and a connection that broke since is the pool's to replace. */
    static void close(Handle handle) {
        try {
            handle.close();
        } catch (JdbiException broken) {
            // see above: the caller's result stands
        }
    }
}
