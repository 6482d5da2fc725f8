package dev.runledger.jdbi;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Switches a file to WAL, which several processes may do at once to a new file. */
final class WalMode {
    private static final long PAUSE_NANOS = 2_000_000;

    private WalMode() {}

    /**
     * Asks for WAL and returns the mode of the file. SQLite does not wait for this lock, whatever the busy timeout is.
     *
     * @param patience how long to wait for it
     */
    static String request(Connection connection, Duration patience) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try (Statement statement = connection.createStatement();
                    ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
                mode.next();
                return mode.getString(1);
            } catch (SQLException failed) {
                boolean locked = SqlErrors.kind(failed, Database.SQLITE) == SqlErrors.Kind.CONFLICT;
                if (!locked
                        || System.nanoTime() - start > patience.toNanos()
                        || Thread.currentThread().isInterrupted()) {
                    throw failed;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
