package dev.runledger.jdbi;

import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;

/** What the drivers' errors mean. */
final class Faults {
    private Faults() {}

    /** What a fault allows. */
    enum Kind {
        /** Somebody else was first, and nothing of this was done: again may help. */
        CONFLICT,
        /** The connection is gone, or never came: whether it was done is not known. */
        DISCONNECTED,
        /** Anything else: again does not help. */
        OTHER
    }

    static Kind kind(@Nullable Throwable thrown, Database database) {
        SQLException cause = sqlCause(thrown);
        if (cause == null) {
            return Kind.OTHER;
        }
        if (database == Database.SQLITE) {
            int code = cause.getErrorCode() & 0xFF; // SQLITE_BUSY and SQLITE_LOCKED; the driver gives no SQLSTATE
            return code == 5 || code == 6 ? Kind.CONFLICT : Kind.OTHER;
        }
        String state = String.valueOf(cause.getSQLState());
        if (state.equals("40001") || state.equals("40P01")) {
            return Kind.CONFLICT;
        }
        boolean gone = state.startsWith("08")
                || state.startsWith("57P") // the server is shut down, crashed or starting
                || cause instanceof SQLRecoverableException
                || cause instanceof SQLTransientConnectionException;
        return gone ? Kind.DISCONNECTED : Kind.OTHER;
    }

    /** Whether a row that must be there once was there already. */
    static boolean isDuplicate(@Nullable Throwable thrown) {
        SQLException cause = sqlCause(thrown);
        return cause != null && ("23505".equals(cause.getSQLState()) || (cause.getErrorCode() & 0xFF) == 19);
    }

    /** Whether the connection never came, so that nothing can have been done on it. */
    static boolean isBeforeAnyWork(Throwable thrown) {
        return thrown instanceof ConnectionException;
    }

    /** Whether a pool had no connection within its own timeout: who asks again waits as long again. */
    static boolean isOutOfTime(Throwable thrown) {
        return isBeforeAnyWork(thrown) && sqlCause(thrown) instanceof SQLTransientConnectionException;
    }

    /** The typed failure of a call. It has the driver's error, and never the statement and its values. */
    static StoreException failure(Session.Call call, Throwable thrown, Outcome outcome) {
        SQLException cause = sqlCause(thrown);
        String what = cause == null ? thrown.getClass().getSimpleName() : describe(cause);
        String known = outcome == Outcome.UNKNOWN
                ? "it is not known whether it was stored, and the same call again will tell"
                : "nothing was stored";
        return new StoreException("%s: %s; %s".formatted(call, what, known), outcome, cause == null ? thrown : cause);
    }

    /** The failure of a call that changes nothing. */
    static StoreException unread(Session.Call call, Throwable thrown) {
        SQLException cause = sqlCause(thrown);
        String what = cause == null ? thrown.getClass().getSimpleName() : describe(cause);
        return new StoreException("%s: %s".formatted(call, what), Outcome.NOT_STORED, cause == null ? thrown : cause);
    }

    private static String describe(SQLException cause) {
        String state = cause.getSQLState();
        return state == null || state.isEmpty()
                ? String.format(Locale.ROOT, "the database gave error %d", cause.getErrorCode())
                : "the database gave SQLSTATE " + state;
    }

    private static @Nullable SQLException sqlCause(@Nullable Throwable thrown) {
        int depth = 0;
        for (Throwable each = thrown; each != null && depth < 20; each = each.getCause(), depth++) {
            if (each instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
