package dev.runledger.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A PostgreSQL on loopback that keeps what it acknowledged: zonky would start it with {@code fsync} off. */
final class DurableServer implements AutoCloseable {
    private static final List<String> ON = List.of("fsync", "synchronous_commit", "full_page_writes");

    private final EmbeddedPostgres server;

    private DurableServer(EmbeddedPostgres server) {
        this.server = server;
    }

    /** Starts it, and asks it whether the settings are on. */
    static DurableServer start() throws IOException, SQLException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
        ON.forEach(name -> builder.setServerConfig(name, "on"));
        DurableServer server = new DurableServer(builder.start());
        for (String name : ON) {
            String setting = server.ask("SHOW " + name);
            if (!setting.equals("on")) {
                server.close();
                throw new IllegalStateException("%s is '%s', expected on".formatted(name, setting));
            }
        }
        return server;
    }

    String version() throws SQLException {
        return ask("SHOW server_version");
    }

    /** Opens a session on the database that is always there. */
    Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    /** Makes an empty database and returns its URL; with the pages of the one before written, so that nobody pays for another. */
    String newDatabase(String name) throws SQLException {
        run("CREATE DATABASE " + name);
        run("CHECKPOINT");
        return server.getJdbcUrl("postgres", name);
    }

    void drop(String name) throws SQLException {
        run("DROP DATABASE " + name + " WITH (FORCE)");
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String ask(String sql) throws SQLException {
        try (Connection connection = connect()) {
            return ask(connection, sql);
        }
    }

    /** Returns the first value that a query selects. */
    static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
