package dev.runledger.jdbi;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Takes the values of a statement by name, each with its type, so that a null has a type too. */
interface Binder {
    /** Takes one value. */
    void bind(String name, SqlType type, @Nullable Object value);

    /** Returns one that binds the values to the parameters of a statement. */
    static Binder of(SqlStatement<?> statement, Database database) {
        return (name, type, value) -> statement.bind(name, type.argument(database, value));
    }

    default Binder text(String name, @Nullable String value) {
        bind(name, SqlType.TEXT, value);
        return this;
    }

    default Binder text(String name, Optional<String> value) {
        return text(name, value.orElse(null));
    }

    default Binder constant(String name, @Nullable Enum<?> value) {
        return text(name, value == null ? null : value.name());
    }

    default Binder number(String name, @Nullable Long value) {
        bind(name, SqlType.NUMBER, value);
        return this;
    }

    default Binder flag(String name, @Nullable Boolean value) {
        bind(name, SqlType.FLAG, value);
        return this;
    }

    default Binder instant(String name, @Nullable Instant value) {
        bind(name, SqlType.INSTANT, value);
        return this;
    }
}
