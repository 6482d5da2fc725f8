package dev.runledger.jdbi;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses a PostgreSQL that would lose runs or mix them up with those of somebody else. */
record PostgresChecks(Handle handle, Tables tables) {
    private static final Logger LOG = LoggerFactory.getLogger(JdbiRunStore.class);
    private static final int OLDEST = 14;

    void run() {
        requireVersion();
        requireEncoding();
        if (tables.schema() == null) {
            requireOwnSchema();
        }
        warnOfLostCommits();
    }

    private void requireVersion() {
        int version = Integer.parseInt(setting("server_version_num")) / 10_000;
        if (version < OLDEST) {
            throw new IllegalArgumentException(
                    "the database is PostgreSQL %s, expected %s or later".formatted(version, OLDEST));
        }
    }

    /** A text that the encoding cannot hold is refused by the server, and with it the change that it belongs to. */
    private void requireEncoding() {
        String encoding = setting("server_encoding");
        if (!encoding.equals("UTF8")) {
            throw new IllegalStateException(
                    "server_encoding is '%s', expected UTF8: the database cannot hold every text".formatted(encoding));
        }
    }

    /** Unqualified names are looked for in each schema of the path, so that several applications could share tables by mistake. */
    private void requireOwnSchema() {
        String path = setting("search_path");
        String own = handle.createQuery("SELECT current_schema()")
                .mapTo(String.class)
                .findOne()
                .orElseThrow(() -> new IllegalStateException(
                        "search_path is '%s', expected one with a schema that is there".formatted(path)));
        Optional<String> found = schemaOfTables();
        if (found.isPresent() && !found.get().equals(own)) {
            throw new IllegalStateException(
                    ("search_path is '%s', by which the connection's own schema is '%s', and the"
                                    + " tables of the ledger are in '%s': expected them in its own schema, or the one that is"
                                    + " meant by builder.schema")
                            .formatted(path, own, found.get()));
        }
    }

    /**
     * Returns the schema in which the tables are found, if they are there. {@code to_regclass} would make this connection remember that
     * they are not, until after another process has made them.
     */
    private Optional<String> schemaOfTables() {
        return handle.createQuery("SELECT s.name FROM unnest(current_schemas(false)) WITH ORDINALITY s (name, place)"
                        + " JOIN pg_namespace n ON n.nspname = s.name"
                        + " JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = :name"
                        + " ORDER BY s.place LIMIT 1")
                .bind("name", tables.in("${schema_version}").replace("\"", ""))
                .mapTo(String.class)
                .findOne();
    }

    /** Warns if the server may forget a commit: an application can have chosen that. */
    private void warnOfLostCommits() {
        for (String name : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
            if (setting(name).equals("off")) {
                LOG.warn("PostgreSQL runs with {} = off: committed transitions can be lost when it crashes", name);
            }
        }
    }

    private String setting(String name) {
        return handle.createQuery("SELECT current_setting(:name)")
                .bind("name", name)
                .mapTo(String.class)
                .one();
    }
}
