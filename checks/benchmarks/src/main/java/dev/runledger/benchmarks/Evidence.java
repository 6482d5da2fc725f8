package dev.runledger.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Checks in the database that a peer did what it was measured for. */
final class Evidence {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private Evidence() {}

    /** Throws unless each query returns its number, if need be after some seconds: PostgreSQL counts a session when it has ended. */
    static void check(String peer, String url, Map<String, Long> expected) throws SQLException, InterruptedException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, Long> each : expected.entrySet()) {
                long end = System.nanoTime() + PATIENCE_NANOS;
                long found = ask(statement, each.getKey());
                while (found != each.getValue() && System.nanoTime() < end) {
                    Thread.sleep(50);
                    found = ask(statement, each.getKey());
                }
                if (found != each.getValue()) {
                    throw new IllegalStateException(
                            "%s left %d, expected %d: %s".formatted(peer, found, each.getValue(), each.getKey()));
                }
            }
        }
    }

    private static long ask(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
