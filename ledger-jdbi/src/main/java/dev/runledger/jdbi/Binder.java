package dev.runledger.jdbi;

import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Binds the values of a statement by name, each with its type, so that a null has a type too. */
record Binder(SqlStatement<?> statement, Database database) {
    Binder text(String name, @Nullable String value) {
        return bind(name, (position, prepared, context) -> prepared.setString(position, value));
    }

    Binder text(String name, Optional<String> value) {
        return text(name, value.orElse(null));
    }

    Binder constant(String name, @Nullable Enum<?> value) {
        return text(name, value == null ? null : value.name());
    }

    Binder number(String name, @Nullable Long value) {
        return bind(name, (position, prepared, context) -> {
            if (value == null) {
                prepared.setNull(position, Types.BIGINT);
            } else {
                prepared.setLong(position, value);
            }
        });
    }

    Binder flag(String name, @Nullable Boolean value) {
        return bind(name, (position, prepared, context) -> {
            if (value == null) {
                prepared.setNull(position, Types.BOOLEAN);
            } else {
                prepared.setBoolean(position, value);
            }
        });
    }

    Binder instant(String name, @Nullable Instant value) {
        return bind(name, database.instant(value));
    }

    private Binder bind(String name, Argument argument) {
        statement.bind(name, argument);
        return this;
    }
}
