package dev.runledger.jdbi;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values of many calls of one shape: a column for each name and a row for each call, which one statement takes as arrays. */
final class BatchValues implements Binder {
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final int rows;
    private int row = -1;

    /** The values of one name. */
    private static final class Column {
        private final SqlType type;
        private final @Nullable Object[] values;

        Column(SqlType type, int rows) {
            this.type = type;
            this.values = new Object[rows];
        }
    }

    /** Makes one for so many calls. */
    BatchValues(int rows) {
        this.rows = rows;
    }

    /** Goes on to the next call. */
    BatchValues next() {
        row++;
        return this;
    }

    @Override
    public void bind(String name, SqlType type, @Nullable Object value) {
        Column column = columns.computeIfAbsent(name, added -> new Column(type, rows));
        column.values[row] = value;
    }

    /** Returns the part of a statement that has the values as the rows of {@code q}. It is the same for all calls of one shape. */
    String source() {
        return "q AS MATERIALIZED (SELECT * FROM unnest("
                + columns.values().stream()
                        .map(column -> "CAST(? AS %s[])".formatted(column.type.postgres()))
                        .collect(Collectors.joining(", "))
                + ") q (" + String.join(", ", columns.keySet()) + "))";
    }

    /** Binds the arrays to the parameters of {@link #source()}. */
    void bindTo(PreparedStatement statement) throws SQLException {
        Connection connection = statement.getConnection();
        int position = 0;
        for (Column column : columns.values()) {
            statement.setArray(++position, connection.createArrayOf(column.type.postgres(), elements(column)));
        }
    }

    private static Object[] elements(Column column) {
        return switch (column.type) {
            case TEXT -> Arrays.copyOf(column.values, column.values.length, String[].class);
            case NUMBER -> Arrays.copyOf(column.values, column.values.length, Long[].class);
            case FLAG -> Arrays.copyOf(column.values, column.values.length, Boolean[].class);
            case INSTANT ->
                Arrays.stream(column.values)
                        .map(value -> value instanceof Instant instant ? instant.toString() : null)
                        .toArray(String[]::new);
        };
    }
}
