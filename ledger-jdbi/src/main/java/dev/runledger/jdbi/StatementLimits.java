package dev.runledger.jdbi;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.Executor;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;

/**
 * Ends each statement of a call when the time of the call is over, and leaves the connection as it was.
 *
 * <p>On a connection of the store it is the timeout of the network that ends the wait, and breaks the connection. The driver could cancel
 * the statement, and would wait up to ten seconds for a server that does not answer to that either. On a connection of the application
 * the driver does cancel it, since the connection has to stay.
 */
final class StatementLimits implements StatementCustomizer, AutoCloseable {
    private static final Executor HERE = Runnable::run;
    private static final int UNLIMITED = 0;
    private static final int UNCHANGED = -1;

    /** How much later the network gives up, for an answer that is on its way. */
    private static final int GRACE_MILLIS = 250;

    /** By how much a statement may be late, since a driver counts in seconds. */
    private static final int ROUNDING_MILLIS = 200;

    private final Attempts attempts;
    private final Connection connection;
    private int networkBefore = UNCHANGED;

    private StatementLimits(Attempts attempts, Connection connection) {
        this.attempts = attempts;
        this.connection = connection;
    }

    /** Limits all statements of this handle from now on. Closing the limits lifts those that the connection would keep. */
    static StatementLimits of(Handle handle, Attempts attempts) throws SQLException {
        return switch (attempts.budget().cut()) {
            case NOTHING -> new StatementLimits(attempts, handle.getConnection());
            case STATEMENT -> ofStatements(handle, attempts);
            case CONNECTION -> {
                StatementLimits limits = ofStatements(handle, attempts);
                limits.beginWithNetwork();
                yield limits;
            }
        };
    }

    /** Limits all statements of this handle from now on, and leaves its connection alone. */
    static StatementLimits ofStatements(Handle handle, Attempts attempts) {
        StatementLimits limits = new StatementLimits(attempts, handle.getConnection());
        handle.getConfig(SqlStatements.class).addCustomizer(limits);
        return limits;
    }

    private void beginWithNetwork() throws SQLException {
        try {
            networkBefore = connection.getNetworkTimeout();
            limitNetwork();
        } catch (SQLFeatureNotSupportedException | AbstractMethodError old) {
            networkBefore = UNCHANGED;
        }
    }

    private void limitNetwork() throws SQLException {
        int limit = attempts.leftMillis() + GRACE_MILLIS;
        connection.setNetworkTimeout(HERE, networkBefore == UNLIMITED ? limit : Math.min(limit, networkBefore));
    }

    @Override
    public void beforeExecution(PreparedStatement statement, StatementContext context) throws SQLException {
        int own = statement.getQueryTimeout();
        if (networkBefore != UNCHANGED) {
            limitNetwork();
            if (own * 1_000L > attempts.leftMillis() - GRACE_MILLIS) {
                statement.setQueryTimeout(
                        UNLIMITED); // the network is first, or would be were it not for the cancellation
            }
            return;
        }
        int seconds = Math.max(1, (attempts.leftMillis() + ROUNDING_MILLIS) / 1_000);
        if (own == UNLIMITED || own > seconds) {
            statement.setQueryTimeout(seconds);
        }
    }

    @Override
    public void close() {
        if (networkBefore == UNCHANGED) {
            return;
        }
        try {
            connection.setNetworkTimeout(HERE, networkBefore);
        } catch (SQLException broken) { // most likely it is closed, since the timeout passed
            abort(connection);
        }
    }

    /** Breaks a connection, so that its pool replaces it. */
    static void abort(Connection connection) {
        try {
            connection.abort(HERE);
        } catch (SQLException | AbstractMethodError gone) {
            // then it cannot be used again either
        }
    }
}
