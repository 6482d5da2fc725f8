package dev.runledger.jdbi;

import dev.runledger.jdbi.JdbiRunStore.Migrate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** Opens a store: finds out which database it is, refuses one that would lose runs, and makes or checks the tables. */
record StoreOpener(
        Tables tables,
        Migrate migrate,
        InstantSource clock,
        int timeoutSeconds,
        CallBudget budget,
        boolean groupCommit) {
    private static final CallName OPEN = CallName.of("opening the store");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final CallName MIGRATE = CallName.of("migrating the tables");

    JdbiRunStore open(@Nullable DataSource dataSource, @Nullable Path file) {
        if (file != null) {
            requireFile(file.toAbsolutePath());
        }
        SqliteConnections opened = file == null ? null : new SqliteConnections(file);
        try {
            ConnectionFactory connections =
                    opened != null ? opened : new AutoCommitting(Objects.requireNonNull(dataSource));
            Jdbi jdbi = Jdbis.over(connections);
            if (opened != null) {
                jdbi.setStatementBuilderFactory(opened);
            }
            return open(jdbi, opened, file);
        } catch (RuntimeException failed) {
            if (opened != null) {
                opened.close();
            }
            throw failed;
        }
    }

    /** Refuses a path at which SQLite would make no file, before it gives an error without a name. */
    private static void requireFile(Path file) {
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "the file is %s, and its folder does not exist: expected a folder that is there".formatted(file));
        }
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException("the file is %s, which is a folder: expected a file".formatted(file));
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw new IllegalArgumentException("the file is %s, which cannot be written".formatted(file));
        }
    }

    private JdbiRunStore open(Jdbi jdbi, @Nullable SqliteConnections opened, @Nullable Path file) {
        Database database = checked(jdbi, file == null ? OPEN : new CallName(OPEN.name(), "file " + file));
        if (database == Database.SQLITE && tables.schema() != null) {
            throw new IllegalArgumentException(
                    "schema is '%s', expected none: SQLite has no schemas".formatted(tables.schema()));
        }
        SessionStore own = switch (database) {
            case POSTGRESQL -> postgres(jdbi);
            case SQLITE -> sqlite(jdbi, opened != null);
        };
        migrate(jdbi, own.session(), database);
        if (migrate != Migrate.NONE) {
            own.identityKey(); // now, and not inside a transaction of the application
        }
        if (opened != null) {
            opened.opened();
        }
        Upkeep upkeep = Upkeep.of(own, new Ages(database, database == Database.SQLITE ? clock : null), tables);
        return new JdbiRunStore(own, upkeep, grouped(own), tables, database, opened, budget);
    }

    /** Returns what makes calls together that come together, or null if each is made alone. */
    private @Nullable GroupCommit grouped(SessionStore own) {
        return groupCommit && own.session() instanceof PostgresSession session
                ? new GroupCommit(session, own.writers(), new PostgresBatches(tables), budget)
                : null;
    }

    private SessionStore postgres(Jdbi jdbi) {
        Reader reader = new Reader(tables, Database.POSTGRESQL, timeoutSeconds, null);
        PostgresSql sql = new PostgresSql(tables);
        Session session = new PostgresSession(jdbi, budget);
        return new SessionStore(
                session, attempt -> new PostgresWriter(attempt, reader, sql), reader, new IdentityKey(session, tables));
    }

    private SessionStore sqlite(Jdbi jdbi, boolean turns) {
        Reader reader = new Reader(tables, Database.SQLITE, timeoutSeconds, clock);
        SqliteSql sql = new SqliteSql(tables);
        Session session = new SqliteSession(jdbi, budget, turns, groupCommit);
        return new SessionStore(
                session,
                attempt -> new SqliteWriter(attempt, reader, sql, clock),
                reader,
                new IdentityKey(session, tables));
    }

    private void migrate(Jdbi jdbi, Session session, Database database) {
        Migrations migrations = new Migrations(database, tables);
        switch (migrate) {
            case CREATE ->
                patient(jdbi, database)
                        .write(
                                MIGRATE,
                                attempt -> attempt.transaction(() -> {
                                    migrations.create(attempt.handle());
                                    return true;
                                }));
            case VALIDATE ->
                session.read(MIGRATE, handle -> {
                    migrations.validate(handle);
                    return true;
                });
            case NONE -> {}
        }
    }

    /** Returns a session for what may take long: another process may be migrating the tables. */
    private Session patient(Jdbi jdbi, Database database) {
        CallBudget enough = budget.toMigrate();
        return database == Database.SQLITE
                ? new SqliteSession(jdbi, enough, false, false)
                : new PostgresSession(jdbi, enough);
    }

    // ---- the database

    private Database checked(Jdbi jdbi, CallName opening) {
        try (Handle handle = jdbi.open()) {
            Database database =
                    Database.ofProduct(handle.getConnection().getMetaData().getDatabaseProductName());
            switch (database) {
                case POSTGRESQL -> checkPostgres(handle);
                case SQLITE -> checkSqlite(handle);
            }
            return database;
        } catch (JdbiException | SQLException failed) {
            throw SqlErrors.failedRead(opening, failed);
        }
    }

    private void checkPostgres(Handle handle) throws SQLException {
        try (StatementLimits ignored = StatementLimits.of(handle, budget.begin())) {
            new PostgresChecks(handle, tables).run();
        }
    }

    private static void checkSqlite(Handle handle) throws SQLException {
        String version = handle.createQuery("SELECT sqlite_version()")
                .mapTo(String.class)
                .one();
        String[] parts = version.split("\\.", -1);
        if (Integer.parseInt(parts[0]) < 3 || (parts[0].equals("3") && Integer.parseInt(parts[1]) < 43)) {
            throw new IllegalArgumentException("the database is SQLite %s, expected 3.43 or later".formatted(version));
        }
        String journal = WalMode.request(handle.getConnection(), PATIENCE);
        if (!journal.equalsIgnoreCase("wal")) {
            throw new IllegalStateException(
                    "journal_mode is '%s', expected WAL: the database has to be a file that can be written; to keep runs in memory use RunStore.inMemory()"
                            .formatted(journal));
        }
        int synchronous =
                handle.createQuery("PRAGMA synchronous").mapTo(Integer.class).one();
        if (synchronous == 0) {
            throw new IllegalStateException(
                    "synchronous is OFF, expected FULL, or NORMAL if a loss of power may cost the newest runs");
        }
    }
}
