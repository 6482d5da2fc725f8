package dev.runledger.jdbi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/**
 * Brings the tables to the newest version, by files in the jar.
 *
 * <p>It runs inside one transaction that holds a lock, so that many processes can start at once. DDL is transactional on both databases.
 */
final class Migrations {
    /** One file for each version, in order; a file that was released never changes. */
    private static final List<String> FILES = List.of("V1__ledger.sql");

    /** A semicolon at the end of a line, unless the next line is indented: a trigger has several. */
    private static final String END_OF_STATEMENT = ";\\s*\n(?=\n|\\S|$)";

    private static final String VERSIONS =
            "CREATE TABLE IF NOT EXISTS ${schema_version} (version integer NOT NULL PRIMARY KEY, applied_at text NOT NULL)";

    private final Database database;
    private final Tables tables;

    Migrations(Database database, Tables tables) {
        this.database = database;
        this.tables = tables;
    }

    /** Returns everything that a new database needs, for another tool or an administrator. */
    String text() {
        StringBuilder all = new StringBuilder();
        if (tables.schema() != null) {
            all.append("CREATE SCHEMA IF NOT EXISTS \"").append(tables.schema()).append("\";\n");
        }
        all.append(tables.in(VERSIONS)).append(";\n\n");
        for (int version = 1; version <= FILES.size(); version++) {
            all.append(file(version))
                    .append('\n')
                    .append(tables.in(applied(version)))
                    .append(";\n");
        }
        return all.toString();
    }

    /** Brings the database to the newest version; the caller has begun the transaction. */
    void create(Handle handle) {
        if (database == Database.POSTGRESQL) {
            // a snapshot taken before the lock is held would not show what the process before this one made
            handle.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
            handle.createQuery("SELECT 1 FROM pg_advisory_xact_lock(:key)")
                    .bind("key", lock())
                    .mapTo(Integer.class)
                    .list();
            if (tables.schema() != null && !isThere(handle, tables.schema())) {
                handle.execute("CREATE SCHEMA IF NOT EXISTS \"" + tables.schema() + '"');
            }
        }
        int version = version(handle).orElse(-1);
        requireKnown(version);
        if (version < 0) {
            handle.execute(tables.in(VERSIONS));
        }
        for (int next = Math.max(version, 0) + 1; next <= FILES.size(); next++) {
            for (String statement : file(next).split(END_OF_STATEMENT, -1)) {
                if (!statement.isBlank()) {
                    handle.execute(statement);
                }
            }
            handle.execute(tables.in(applied(next)));
        }
        layout().require(handle);
    }

    private Layout layout() {
        return new Layout(
                database,
                IntStream.rangeClosed(1, FILES.size()).mapToObj(this::file).toList());
    }

    /** Returns whether the schema is there. A role that may not make schemas fails even at {@code IF NOT EXISTS} for one that is. */
    private static boolean isThere(Handle handle, String schema) {
        return handle.createQuery("SELECT to_regnamespace(:schema) IS NOT NULL")
                .bind("schema", schema)
                .mapTo(Boolean.class)
                .one();
    }

    /** Checks that the tables have the version, the columns and the unique keys that this library needs. */
    void validate(Handle handle) {
        int version = version(handle).orElse(0);
        requireKnown(version);
        if (version < FILES.size()) {
            throw new IllegalStateException(
                    "the tables of the ledger are at version %s, expected %s: run the SQL of JdbiRunStore.migrations, or build with Migrate.CREATE"
                            .formatted(version, FILES.size()));
        }
        layout().require(handle);
    }

    private static void requireKnown(int version) {
        if (version > FILES.size()) {
            throw new IllegalStateException(
                    "the tables of the ledger are at version %s, expected at most %s: a newer ledger-jdbi made them, and this one cannot read what it writes"
                            .formatted(version, FILES.size()));
        }
    }

    private Optional<Integer> version(Handle handle) {
        String exists = database == Database.POSTGRESQL
                ? "SELECT to_regclass(:name) IS NOT NULL"
                : "SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND '\"' || name || '\"' = :name";
        boolean there = handle.createQuery(exists)
                .bind("name", tables.in("${schema_version}"))
                .mapTo(Boolean.class)
                .one();
        return there
                ? handle.createQuery(tables.in("SELECT max(version) FROM ${schema_version}"))
                        .mapTo(Integer.class)
                        .findOne()
                : Optional.empty();
    }

    private static String applied(int version) {
        return "INSERT INTO ${schema_version} (version, applied_at) VALUES (" + version + ", CURRENT_TIMESTAMP)";
    }

    private String file(int version) {
        String name = database.folder() + '/' + FILES.get(version - 1);
        try (InputStream file = Migrations.class.getResourceAsStream(name)) {
            return tables.in(new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(name, broken);
        }
    }

    /** Returns the number of the lock: an arbitrary one for each set of tables. */
    private long lock() {
        return 0x6C65_6467_6572_0000L + tables.in("${schema_version}").hashCode();
    }
}
