package dev.runledger.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL that keeps what it acknowledged, can be killed as by a power switch, and comes back on the same folder
 * and port.
 *
 * <p>zonky starts its servers with {@code fsync} and {@code synchronous_commit} off, under which acknowledged commits
 * are lost in every kill: a test that passes on such a server proves nothing. So the settings are turned on here and
 * read back from the server after every start.
 */
public final class DurablePostgres implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final ServerArchive archive;
    private final Path folder;
    private final int port = FreePort.outsideTheEphemeralRange();
    private final Thread atExit = new Thread(this::close, "durable-postgres-close");
    private EmbeddedPostgres server;
    private boolean running;
    private boolean closed;

    private DurablePostgres(ServerArchive archive) throws IOException {
        this.archive = archive;
        this.folder = Files.createTempDirectory("ledger-postgres-");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts the first PostgreSQL on the class path. */
    public static DurablePostgres start() {
        return start("");
    }

    /** Starts the one of the version, such as {@code 14.22.0} or {@code 14}. */
    public static DurablePostgres start(String version) {
        try {
            DurablePostgres postgres = new DurablePostgres(new ServerArchive(version));
            try {
                postgres.launch();
            } catch (IOException | RuntimeException failed) {
                postgres.close();
                throw failed;
            }
            return postgres;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void launch() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPgBinaryResolver(archive)
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START)
                .setServerConfig("max_connections", "200")
                .setServerConfig(
                        "unix_socket_directories", ""); // a kill leaves its lock file, and the pid in it may live
        DurableSettings.turnOn(builder);
        server = builder.start();
        running = true;
        DurableSettings.require(dataSource());
    }

    /** Returns the URL of the database {@code postgres}, with its user in it; the same before and after a restart. */
    public String url() {
        return url("postgres");
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
    }

    /** Returns a data source that opens a connection to the database of {@link #url()} for each call. */
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url());
        return source;
    }

    public int port() {
        return port;
    }

    /** Creates an empty database under a new name and returns its URL, so that tests can share the server. */
    public String newDatabase() {
        String name = "db_" + UUID.randomUUID().toString().replace("-", "");
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException failed) {
            throw new IllegalStateException("No database " + name, failed);
        }
        return url(name);
    }

    /** Kills the postmaster and every child with SIGKILL, and returns when all are gone. Does nothing to a dead one. */
    public synchronized void kill() {
        if (running) {
            running = false;
            try {
                new ProcessTree(Long.parseLong(
                                Files.readAllLines(pidFile()).get(0).trim()))
                        .kill();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** Starts the killed server again on the same folder and port; returns when it has recovered and takes connections. */
    public synchronized void restart() {
        if (running || closed) {
            throw new IllegalStateException("Only a killed server can be restarted");
        }
        try {
            Files.deleteIfExists(pidFile());
            server.close(); // releases zonky's lock; without the pid file it signals no process
            Files.deleteIfExists(folder.resolve("epg-lock"));
            launch();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path pidFile() {
        return folder.resolve("postmaster.pid");
    }

    /** Stops the server, by force where it does not stop by itself, and deletes its folder. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (!running) {
                Files.deleteIfExists(pidFile());
            }
            if (server != null) {
                server.close();
            }
            if (Files.exists(pidFile())) {
                kill();
            }
            delete();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            if (Thread.currentThread() != atExit) {
                Runtime.getRuntime().removeShutdownHook(atExit);
            }
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
