package dev.runledger.jdbi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * The tables, columns, primary keys, unique indexes and triggers of the migrations, which are compared with those of the database: a
 * number in a table of versions does not say that a column was renamed, or that the index that is the guard was dropped.
 */
final class Layout {
    private static final Pattern TABLE = Pattern.compile("CREATE TABLE (\\S+) \\((.*?)\\n\\)", Pattern.DOTALL);
    private static final Pattern COLUMN =
            Pattern.compile("(?m)^    ([a-z_]+) +(?:text|bigint|integer|boolean|timestamptz)");
    private static final Pattern UNIQUE = Pattern.compile("CREATE UNIQUE INDEX (\\S+) ON (\\S+) ");
    private static final Pattern TRIGGER = Pattern.compile("CREATE TRIGGER (\\S+) ");

    private final Database database;
    private final Map<String, Set<String>> tables = new LinkedHashMap<>();
    private final List<String> keyed = new ArrayList<>();
    private final Map<String, String> uniqueIndexes = new LinkedHashMap<>();
    private final List<String> triggers = new ArrayList<>();

    /** Reads what the migrations make; their names are quoted, and the tables may have a schema. */
    Layout(Database database, List<String> migrations) {
        this.database = database;
        for (String sql : migrations) {
            for (Matcher table = TABLE.matcher(sql); table.find(); ) {
                Set<String> columns = new TreeSet<>();
                for (Matcher column = COLUMN.matcher(table.group(2)); column.find(); ) {
                    columns.add(column.group(1));
                }
                tables.put(table.group(1), columns);
                if (table.group(2).contains("PRIMARY KEY")) {
                    keyed.add(table.group(1));
                }
            }
            for (Matcher index = UNIQUE.matcher(sql); index.find(); ) {
                uniqueIndexes.put(unquoted(index.group(1)), index.group(2));
            }
            for (Matcher trigger = TRIGGER.matcher(sql); trigger.find(); ) {
                triggers.add(unquoted(trigger.group(1)));
            }
        }
    }

    /**
     * Checks that everything is there.
     *
     * @throws IllegalStateException if something is not; the message names the first of it
     */
    void require(Handle handle) {
        tables.forEach((table, expected) -> {
            Set<String> columns = new HashSet<>(
                    database == Database.POSTGRESQL
                            ? texts(
                                    handle,
                                    "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(:name) AND attnum > 0 AND NOT attisdropped",
                                    table)
                            : texts(handle, "SELECT name FROM pragma_table_xinfo(:name)", unquoted(table)));
            if (columns.isEmpty()) {
                throw differs("the table %s is not there".formatted(table));
            }
            expected.stream()
                    .filter(column -> !columns.contains(column))
                    .findFirst()
                    .ifPresent(missing -> {
                        throw differs("the table %s has no column %s".formatted(table, missing));
                    });
        });
        for (String table : keyed) {
            if (!hasKey(handle, table)) {
                throw differs("the table %s has no valid primary key".formatted(table));
            }
        }
        uniqueIndexes.forEach((index, table) -> {
            if (!uniqueIndexesOf(handle, table).contains(index)) {
                throw differs("the table %s has no valid unique index \"%s\"".formatted(table, index));
            }
        });
        for (String trigger : triggers) {
            if (texts(handle, "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name = :name", trigger)
                    .isEmpty()) {
                throw differs("the trigger \"%s\" is not there".formatted(trigger));
            }
        }
    }

    private boolean hasKey(Handle handle, String table) {
        String sql = database == Database.POSTGRESQL
                ? "SELECT 'key' FROM pg_index WHERE indrelid = to_regclass(:name) AND indisprimary AND indisvalid"
                : "SELECT 'key' FROM pragma_table_info(:name) WHERE pk > 0";
        return !texts(handle, sql, database == Database.POSTGRESQL ? table : unquoted(table))
                .isEmpty();
    }

    private List<String> uniqueIndexesOf(Handle handle, String table) {
        return database == Database.POSTGRESQL
                ? texts(
                        handle,
                        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                                + " WHERE i.indrelid = to_regclass(:name) AND i.indisunique AND i.indisvalid",
                        table)
                : texts(handle, "SELECT name FROM pragma_index_list(:name) WHERE \"unique\" = 1", unquoted(table));
    }

    private static List<String> texts(Handle handle, String sql, String name) {
        return handle.createQuery(sql).bind("name", name).mapTo(String.class).list();
    }

    private static IllegalStateException differs(String what) {
        return new IllegalStateException(
                what
                        + ": expected the tables of the ledger as JdbiRunStore.migrations makes them; something else changed them");
    }

    /** Returns the last part of a name, without its quotes. */
    private static String unquoted(String name) {
        return name.substring(name.lastIndexOf('.') + 1).replace("\"", "");
    }
}
