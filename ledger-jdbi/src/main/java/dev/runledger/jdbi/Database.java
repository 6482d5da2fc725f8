package dev.runledger.jdbi;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** Lists the databases that can keep runs. */
public enum Database {
    /** PostgreSQL 14 or later. */
    POSTGRESQL { // instants are timestamptz
        @Override
        Argument instant(@Nullable Instant instant) {
            return (position, statement, context) -> {
                if (instant == null) {
                    statement.setNull(position, Types.TIMESTAMP_WITH_TIMEZONE);
                } else {
                    statement.setObject(position, storable(instant));
                }
            };
        }

        @Override
        @Nullable
        Instant instant(ResultSet row, int column) throws SQLException {
            OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
            return time == null ? null : time.toInstant();
        }

        private OffsetDateTime storable(Instant instant) {
            if (instant.isBefore(EARLIEST)) {
                return OffsetDateTime.MIN; // to the driver, -infinity
            }
            return (instant.isBefore(LATEST) ? instant : LATEST).atOffset(ZoneOffset.UTC);
        }

        @Override
        String elapsed(String from, String to) {
            return "GREATEST(0, (EXTRACT(EPOCH FROM %s - %s) * 1000000)::bigint)".formatted(to, from);
        }

        @Override
        String micros(String instant) {
            return "CASE WHEN %s >= '294247-01-01 00:00:00+00' THEN %s WHEN %s = '-infinity' THEN %s"
                            .formatted(instant, Long.MAX_VALUE, instant, -Long.MAX_VALUE)
                    + " ELSE (EXTRACT(EPOCH FROM %s) * 1000000)::bigint END".formatted(instant);
        }

        @Override
        String lower(String text) {
            return "lower(%s COLLATE \"C\")".formatted(text); // A to Z and nothing else
        }

        @Override
        String contains(String text, String part) {
            return "position(%s IN %s) > 0".formatted(part, text);
        }

        @Override
        String clock() {
            return "clock_timestamp()";
        }

        @Override
        String later(String instant, String micros) {
            return "%s + CAST(%s AS bigint) * INTERVAL '1 microsecond'".formatted(instant, micros);
        }

        @Override
        String list(Collection<String> texts) {
            return texts.stream()
                    .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                    .collect(Collectors.joining(",", "{", "}"));
        }

        @Override
        String isIn(String column, String list) {
            return "%s = ANY (CAST(%s AS text[]))".formatted(column, list);
        }
    },

    /** SQLite 3.43 or later, in a file beside the application. */
    SQLITE { // instants are microseconds, since the driver has no type for them
        @Override
        Argument instant(@Nullable Instant instant) {
            return (position, statement, context) -> {
                if (instant == null) {
                    statement.setNull(position, Types.INTEGER);
                } else {
                    statement.setLong(position, microsOf(instant));
                }
            };
        }

        @Override
        @Nullable
        Instant instant(ResultSet row, int column) throws SQLException {
            long micros = row.getLong(column);
            return row.wasNull() ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        }

        @Override
        String elapsed(String from, String to) {
            return "MAX(0, COALESCE(%s - %s, 0))".formatted(to, from);
        }

        @Override
        String micros(String instant) { // a column of SQLite takes whatever is put into it, and sorts texts last
            return "CASE WHEN typeof(%s) IN ('integer', 'real') THEN CAST(%s AS integer) ELSE %s END"
                    .formatted(instant, instant, Long.MAX_VALUE);
        }

        @Override
        String lower(String text) {
            return "lower(%s)".formatted(text); // SQLite's lower changes A to Z only
        }

        @Override
        String contains(String text, String part) {
            return "instr(%s, %s) > 0".formatted(text, part);
        }

        @Override
        String clock() {
            return "CAST(round(unixepoch('now', 'subsec') * 1000) AS integer) * 1000";
        }

        @Override
        String later(String instant, String micros) {
            return instant + " + " + micros;
        }

        @Override
        String list(Collection<String> texts) {
            return Json.ofList(texts);
        }

        @Override
        String isIn(String column, String list) {
            return "%s IN (SELECT value FROM json_each(%s))".formatted(column, list);
        }
    };

    /** The first instant of {@code timestamptz}. */
    private static final Instant EARLIEST = Instant.parse("-4713-11-24T00:00:00Z");

    /** An instant near the last of {@code timestamptz} whose microseconds a long can count. */
    private static final Instant LATEST = Instant.parse("+294247-01-01T00:00:00Z");

    /** Returns the microseconds since 1970, or the most of them: {@code ChronoUnit} counts nanoseconds, which end in 2262. */
    private static long microsOf(Instant instant) {
        if (instant.isBefore(EARLIEST)) {
            return -Long.MAX_VALUE;
        }
        return instant.isBefore(LATEST)
                ? instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000
                : Long.MAX_VALUE;
    }

    /**
     * Returns the database with this product name.
     *
     * @throws IllegalArgumentException if it cannot keep runs
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

    /** Returns the folder of the migrations of this database. */
    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns an instant as a value of a statement, cut to what the database can hold. */
    abstract Argument instant(@Nullable Instant instant);

    /** Reads an instant of a row, or null. */
    abstract @Nullable Instant instant(ResultSet row, int column) throws SQLException;

    /** Returns the SQL for the microseconds between two instants, never negative and never null. */
    abstract String elapsed(String from, String to);

    /** Returns the SQL for an instant as microseconds since 1970. */
    abstract String micros(String instant);

    /** Returns the SQL for a text with A to Z in lower case. */
    abstract String lower(String text);

    /** Returns the SQL for whether a text has a part. */
    abstract String contains(String text, String part);

    /** Returns the SQL for the time by the clock of the database. */
    abstract String clock();

    /** Returns the SQL for the time so many microseconds after another one. */
    abstract String later(String instant, String micros);

    /** Returns a list of texts as one value of a statement. */
    abstract String list(Collection<String> texts);

    /** Returns the SQL for whether a column has a text of a {@link #list}. */
    abstract String isIn(String column, String list);
}
