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
 * <p>The driver cancels a statement that takes too long, such as one that waits for a lock: then nothing was stored, and the connection
 * can be used again. A database that does not answer at all is given up a little later, by the timeout of the network.
 */
final class StatementLimits implements StatementCustomizer, AutoCloseable {
    private static final Executor HERE = Runnable::run;
    private static final int UNLIMITED = 0;
    private static final int UNCHANGED = -1;

    /** What a cancellation takes. */
    private static final int GRACE_MILLIS = 250;

    /** By how much a statement may be late, since a driver counts in seconds. It is less than the grace. */
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
        StatementLimits limits = new StatementLimits(attempts, handle.getConnection());
        CallBudget.Cut cut = attempts.budget().cut();
        if (cut != CallBudget.Cut.NOTHING) {
            handle.getConfig(SqlStatements.class).addCustomizer(limits);
        }
        if (cut == CallBudget.Cut.CONNECTION) {
            limits.beginWithNetwork();
        }
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
        int seconds = Math.max(1, (attempts.leftMillis() + ROUNDING_MILLIS) / 1_000);
        int own = statement.getQueryTimeout();
        if (own == UNLIMITED || own > seconds) {
            statement.setQueryTimeout(seconds);
        }
        if (networkBefore != UNCHANGED) {
            limitNetwork();
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
