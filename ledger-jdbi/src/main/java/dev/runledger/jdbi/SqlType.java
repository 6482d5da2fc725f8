package dev.runledger.jdbi;

import java.sql.Types;
import java.time.Instant;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** Lists the types of the values that statements take. */
enum SqlType {
    TEXT("text") {
        @Override
        Argument argument(Database database, @Nullable Object value) {
            return (position, statement, context) -> statement.setString(position, (String) value);
        }
    },
    NUMBER("bigint") {
        @Override
        Argument argument(Database database, @Nullable Object value) {
            return (position, statement, context) -> {
                if (value == null) {
                    statement.setNull(position, Types.BIGINT);
                } else {
                    statement.setLong(position, (Long) value);
                }
            };
        }
    },
    FLAG("boolean") {
        @Override
        Argument argument(Database database, @Nullable Object value) {
            return (position, statement, context) -> {
                if (value == null) {
                    statement.setNull(position, Types.BOOLEAN);
                } else {
                    statement.setBoolean(position, (Boolean) value);
                }
            };
        }
    },
    INSTANT("timestamptz") {
        @Override
        Argument argument(Database database, @Nullable Object value) {
            return database.instant((Instant) value);
        }
    };

    private final String postgres;

    SqlType(String postgres) {
        this.postgres = postgres;
    }

    /** Returns a value of this type as a parameter. */
    abstract Argument argument(Database database, @Nullable Object value);

    /** Returns PostgreSQL's name of this type. */
    String postgres() {
        return postgres;
    }
}
