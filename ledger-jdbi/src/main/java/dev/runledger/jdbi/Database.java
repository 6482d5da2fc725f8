package dev.runledger.jdbi;

import java.util.Locale;

/** The databases that runs can be kept in. */
public enum Database {
    /** PostgreSQL 14 or later. */
    POSTGRESQL,
    /** SQLite, in a file of its own beside the host. */
    SQLITE;

    /** The folder of this database's migrations, and its name in messages. */
    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The database of this product name.
     *
     * @throws IllegalArgumentException if no run can be kept there
     */
    static Database ofProduct(String product) {
        return switch (product) {
            case "PostgreSQL" -> POSTGRESQL;
            case "SQLite" -> SQLITE;
            default ->
                throw new IllegalArgumentException(
                        "the database is %.64s, expected PostgreSQL or SQLite".formatted(product));
        };
    }
}
