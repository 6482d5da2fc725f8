package dev.runledger.benchmarks;

import dev.runledger.jdbi.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A database that is filled once and read often. */
interface ReadGround extends AutoCloseable {
    static ReadGround of(Database database, Path folder) {
        return database == Database.POSTGRESQL
                ? new Server(folder.resolve("data"))
                : new File(folder.resolve("runs.db"));
    }

    /** Starts the database. */
    void start() throws IOException;

    /** Starts it again, with its caches empty. */
    void restart() throws IOException;

    String url();

    /** Returns how many bytes it takes on disk. */
    long bytes() throws IOException, SQLException;

    @Override
    void close() throws IOException;

    /** A PostgreSQL that keeps its data when it is stopped. */
    final class Server implements ReadGround {
        private final Path data;
        private @Nullable EmbeddedPostgres server;

        private Server(Path data) {
            this.data = data;
        }

        @Override
        public void start() throws IOException {
            server = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setServerConfig("max_wal_size", "4GB")
                    .start();
        }

        @Override
        public void restart() throws IOException {
            close();
            start();
        }

        @Override
        public String url() {
            return running().getJdbcUrl("postgres", "postgres");
        }

        private EmbeddedPostgres running() {
            if (server == null) {
                throw new IllegalStateException("the server is not started");
            }
            return server;
        }

        @Override
        public long bytes() throws SQLException {
            try (Connection connection = DriverManager.getConnection(url())) {
                return Long.parseLong(DurableServer.ask(connection, "SELECT pg_database_size('postgres')"));
            }
        }

        @Override
        public void close() throws IOException {
            if (server != null) {
                server.close();
            }
        }

        @Override
        public String toString() {
            return "PostgreSQL";
        }
    }

    /** A file of SQLite. */
    final class File implements ReadGround {
        private final Path file;

        private File(Path file) {
            this.file = file;
        }

        @Override
        public void start() {}

        @Override
        public void restart() {}

        @Override
        public String url() {
            return "jdbc:sqlite:" + file;
        }

        @Override
        public long bytes() throws IOException {
            return Files.size(file);
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return "SQLite";
        }
    }
}
