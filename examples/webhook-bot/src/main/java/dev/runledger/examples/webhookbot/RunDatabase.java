package dev.runledger.examples.webhookbot;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.jdbi.JdbiRunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the bot keeps its runs: a SQLite file, or PostgreSQL behind a pool, and a folder for the bodies that are too large for a row. */
final class RunDatabase implements AutoCloseable {
    private final JdbiRunStore store;
    private final HikariDataSource pool;
    private final Path bodies;
    private final String label;

    private RunDatabase(JdbiRunStore store, HikariDataSource pool, Path bodies, String label) {
        this.store = store;
        this.pool = pool;
        this.bodies = bodies;
        this.label = label;
    }

    /** Why a database could not be opened, in one line for whoever named it. */
    static final class NotOpened extends Exception {
        private static final long serialVersionUID = 1L;

        NotOpened(String database, RuntimeException cause) {
            super("--db is '%s', which cannot be opened: %s".formatted(withoutPassword(database), cause.getMessage()));
            initCause(cause);
        }
    }

    /** Opens what was asked for, or a new SQLite file where nothing was. */
    static RunDatabase open(String database) throws IOException, NotOpened {
        if (database == null) {
            return sqlite(Files.createTempDirectory("webhook-bot").resolve("runs.db"));
        }
        try {
            return database.startsWith("jdbc:postgresql:") ? postgres(database) : sqlite(Path.of(database));
        } catch (RuntimeException failed) { // no such server, no such folder, no database of a kind that is known
            throw new NotOpened(database, failed);
        }
    }

    private static String withoutPassword(String url) {
        return url.replaceAll("\\?.*", "");
    }

    private static RunDatabase sqlite(Path file) {
        return new RunDatabase(
                JdbiRunStore.sqlite(file), null, file.resolveSibling(file.getFileName() + "-bodies"), file.toString());
    }

    private static RunDatabase postgres(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setConnectionTimeout(2_000); // a call of the store has five seconds for all that it does
        HikariDataSource pool = new HikariDataSource(config);
        return new RunDatabase(JdbiRunStore.on(pool), pool, Path.of("webhook-bot-bodies"), withoutPassword(url));
    }

    JdbiRunStore store() {
        return store;
    }

    Path bodies() {
        return bodies;
    }

    /** What to call it when it is printed. */
    String label() {
        return label;
    }

    @Override
    public void close() {
        store.close();
        if (pool != null) {
            pool.close();
        }
    }
}
