package dev.runledger.jdbi;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;

/**
 * Lets SQLite wait for the lock of a file in short turns, and leaves the connection as it was. Between two turns a call sees whether
 * its time is over and whether its thread was interrupted, neither of which ends the wait inside SQLite.
 */
final class BusyTimeout implements StatementCustomizer, AutoCloseable {
    static final int TURN_MILLIS = 250;

    private final Connection connection;
    private final int before;

    private BusyTimeout(Connection connection, int before) {
        this.connection = connection;
        this.before = before;
    }

    /**
     * Begins to wait in turns on the connection of this handle.
     *
     * @param already whether the connection was opened to wait in turns
     */
    static BusyTimeout of(Handle handle, boolean already) throws SQLException {
        Connection connection = handle.getConnection();
        BusyTimeout turns = new BusyTimeout(connection, already ? TURN_MILLIS : current(connection));
        handle.getConfig(SqlStatements.class).addCustomizer(turns);
        if (turns.before != TURN_MILLIS) {
            set(connection, TURN_MILLIS);
        }
        return turns;
    }

    private static int current(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA busy_timeout")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void set(Connection connection, int millis) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + millis);
        }
    }

    /** Takes the timeout from a statement: the driver would make it the busy timeout. */
    @Override
    public void beforeExecution(PreparedStatement statement, StatementContext context) throws SQLException {
        if (statement.getQueryTimeout() != 0) {
            statement.setQueryTimeout(0);
        }
    }

    @Override
    public void close() {
        if (before == TURN_MILLIS) {
            return;
        }
        try {
            set(connection, before);
        } catch (SQLException broken) { // what was committed before stands
            discard(connection);
        }
    }

    /** Closes the driver's own connection, so that a pool does not give it to the next. The driver's {@code abort} does nothing. */
    static void discard(Connection connection) {
        try {
            connection.unwrap(Connection.class).close();
        } catch (SQLException gone) {
            // then nobody can use it again either
        }
    }
}
