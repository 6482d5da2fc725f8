package dev.runledger.trials;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** The clients of a PostgreSQL, which may still be at the last statement of a process that is dead. */
final class Backends {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Backends() {}

    /** Waits until no client is connected; returns at once on SQLite, which has no server. */
    static void awaitNone(StoreProfile profile, String url) {
        String others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
        DataSource source = profile.plain(url);
        long start = System.nanoTime();
        while (profile == StoreProfile.POSTGRESQL && !ask(source, others).equals("0")) {
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new IllegalStateException("Clients after " + LIMIT);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Returns the first column of the first row. */
    static String ask(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }
}
