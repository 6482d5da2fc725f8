package dev.runledger.jdbi;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One row, read column by column in the order of the select list. An {@link IllegalArgumentException} names the column that does not
 * have what it should.
 */
final class Row {
    private static final int SHOWN = 64;

    private final ResultSet row;
    private final Database database;
    private int column;

    Row(ResultSet row, Database database) {
        this(row, database, 0);
    }

    /** Makes one that reads what comes after so many columns. */
    Row(ResultSet row, Database database, int after) {
        this.row = row;
        this.database = database;
        this.column = after;
    }

    @Nullable
    String text() throws SQLException {
        return row.getString(++column);
    }

    /** Leaves out a column. */
    void skip() {
        column++;
    }

    String requiredText() throws SQLException {
        return required(text());
    }

    long number() throws SQLException {
        return row.getLong(++column);
    }

    @Nullable
    Long nullableNumber() throws SQLException {
        long number = row.getLong(++column);
        return row.wasNull() ? null : number;
    }

    int integer() throws SQLException {
        return fitting(number());
    }

    @Nullable
    Integer nullableInteger() throws SQLException {
        Long number = nullableNumber();
        return number == null ? null : (Integer) fitting(number);
    }

    private int fitting(long number) throws SQLException {
        if (number != (int) number) {
            throw new IllegalArgumentException("%s is %s, expected 32 bits".formatted(label(), number));
        }
        return (int) number;
    }

    boolean flag() throws SQLException {
        return row.getBoolean(++column);
    }

    @Nullable
    Boolean nullableFlag() throws SQLException {
        boolean flag = row.getBoolean(++column);
        return row.wasNull() ? null : flag;
    }

    @Nullable
    Instant instant() throws SQLException {
        return database.instant(row, ++column);
    }

    Instant requiredInstant() throws SQLException {
        return required(instant());
    }

    <E extends Enum<E>> E constant(Class<E> type) throws SQLException {
        return required(nullableConstant(type));
    }

    /** Reads a constant of an enum that only grows: an unknown name was written by a newer version, or by hand. */
    <E extends Enum<E>> @Nullable E nullableConstant(Class<E> type) throws SQLException {
        String name = text();
        if (name == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("%s is '%s', expected one of %s"
                .formatted(label(), shown(name), Arrays.toString(type.getEnumConstants())));
    }

    private <T> T required(@Nullable T value) throws SQLException {
        if (value == null) {
            throw new IllegalArgumentException(label() + " is null");
        }
        return value;
    }

    private String label() throws SQLException {
        return row.getMetaData().getColumnLabel(column);
    }

    /** Returns a value with one more part, or the same value if the row does not have the part. */
    static <T, V> T with(T value, @Nullable V part, BiFunction<T, V, T> setter) {
        return part == null ? value : setter.apply(value, part);
    }

    /** Returns a text that may be anything, on one line and short. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(SHOWN)
                .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) || !Character.isDefined(c) ? '?' : c));
        return text.codePointCount(0, text.length()) > SHOWN ? shown + "..." : shown.toString();
    }
}
