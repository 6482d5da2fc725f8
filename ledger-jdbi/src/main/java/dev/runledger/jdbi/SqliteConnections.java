package dev.runledger.jdbi;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilderFactory;

/** The connections to a file that the store opened. They stay open between calls: opening one costs more than most calls. */
final class SqliteConnections implements ConnectionFactory, StatementBuilderFactory, AutoCloseable {
    private static final int KEPT = 8;
    private static final Duration OPENING = Duration.ofSeconds(5);

    private final String url;
    private final Properties settings = new Properties();
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final Map<Connection, StatementCache> statements = new ConcurrentHashMap<>();
    private volatile Duration patience = OPENING;
    private volatile boolean closed;

    SqliteConnections(Path file) {
        this.url = "jdbc:sqlite:" + file.toAbsolutePath();
        settings.setProperty("jdbc.get_generated_keys", "false"); // older drivers do not know it, and leave it aside
        settings.setProperty("busy_timeout", String.valueOf(BusyTimeout.TURN_MILLIS));
    }

    /** Says that the store is open: from now on a new connection waits one turn for the file, and a call repeats that. */
    void opened() {
        patience = Duration.ofMillis(BusyTimeout.TURN_MILLIS);
    }

    @Override
    public Connection openConnection() throws SQLException {
        if (closed) {
            throw new SQLException("the store is closed", "08003");
        }
        Connection connection = idle.poll();
        if (connection != null) {
            kept.decrementAndGet();
            return connection;
        }
        return connected();
    }

    /** Opens a connection. It sets {@code synchronous}, whose default depends on how SQLite was built. */
    private Connection connected() throws SQLException {
        Connection connection = DriverManager.getConnection(url, settings);
        try (Statement statement = connection.createStatement()) {
            WalMode.request(connection, patience);
            statement.execute("PRAGMA synchronous = FULL");
            return connection;
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
    }

    @Override
    public StatementBuilder createStatementBuilder(Connection connection) {
        return statements.computeIfAbsent(connection, opened -> new StatementCache());
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
        if (!closed && !connection.isClosed()) {
            if (kept.incrementAndGet() <= KEPT) {
                idle.push(connection);
                if (closed) { // meanwhile, and close() may not have seen this connection
                    close();
                }
                return;
            }
            kept.decrementAndGet();
        }
        closed(connection);
    }

    /** Closes a connection. The driver closes its statements with it. */
    private void closed(Connection connection) throws SQLException {
        statements.remove(connection);
        connection.close();
    }

    @Override
    public void close() {
        closed = true;
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            try {
                closed(connection);
            } catch (SQLException gone) {
                // there is nothing left to close
            }
        }
    }
}
