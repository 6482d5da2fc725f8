package dev.runledger.jdbi;

import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;

/** Classifies the errors of the drivers. */
final class SqlErrors {
    private SqlErrors() {}

    /** Lists what can be done about an error. */
    enum Kind {
        /** Another transaction was first and nothing was done: trying again may help. */
        CONFLICT,
        /** The connection is gone, or never came: it is unknown whether anything was done. */
        DISCONNECTED,
        /** The server was the primary and takes no changes any more: nothing was done, and another server may be the primary now. */
        DEMOTED,
        /** Any other error: trying again does not help. */
        OTHER
    }

    static Kind kind(@Nullable Throwable thrown, Database database) {
        SQLException cause = sqlCause(thrown);
        if (cause == null) {
            return Kind.OTHER;
        }
        if (database == Database.SQLITE) {
            if (cause instanceof SQLTransientConnectionException) { // of a pool
                return Kind.DISCONNECTED;
            }
            return isLocked(cause) ? Kind.CONFLICT : Kind.OTHER;
        }
        String state = String.valueOf(cause.getSQLState());
        if (state.equals("40001") || state.equals("40P01")) {
            return Kind.CONFLICT;
        }
        if (state.equals("25006")) {
            return Kind.DEMOTED;
        }
        boolean gone = state.startsWith("08")
                || state.startsWith("57P") // the server is shut down, crashed or starting
                || cause instanceof SQLRecoverableException
                || cause instanceof SQLTransientConnectionException;
        return gone ? Kind.DISCONNECTED : Kind.OTHER;
    }

    /** Returns whether another connection holds a lock of the SQLite file. */
    static boolean isLocked(SQLException failed) {
        int code = failed.getErrorCode() & 0xFF; // SQLITE_BUSY and SQLITE_LOCKED; the driver gives no SQLSTATE
        return code == 5 || code == 6;
    }

    /** Returns whether a unique constraint was violated. */
    static boolean isDuplicate(@Nullable Throwable thrown) {
        SQLException cause = sqlCause(thrown);
        return cause != null && ("23505".equals(cause.getSQLState()) || (cause.getErrorCode() & 0xFF) == 19);
    }

    /** Returns whether the connection never came, so that nothing can have been done on it. */
    static boolean isBeforeAnyWork(Throwable thrown) {
        return thrown instanceof ConnectionException;
    }

    /** Returns whether a pool had no connection within its timeout: another attempt would wait as long again. */
    static boolean isOutOfTime(Throwable thrown) {
        return isBeforeAnyWork(thrown) && sqlCause(thrown) instanceof SQLTransientConnectionException;
    }

    /** Returns the exception of a failed write. It has the driver's error, and never the statement or its values. */
    static StoreException failedWrite(CallName call, Throwable thrown, Attempts attempts, Certainty certainty) {
        return failedWrite(call, thrown, tried(thrown, attempts), certainty);
    }

    /** Returns the exception of a write that failed before there was an attempt. */
    static StoreException failedWrite(CallName call, Throwable thrown, Certainty certainty) {
        return failedWrite(call, thrown, "", certainty);
    }

    private static StoreException failedWrite(CallName call, Throwable thrown, String tried, Certainty certainty) {
        String known = certainty == Certainty.UNKNOWN
                ? "it is unknown whether it was stored; make the same call again to find out"
                : "nothing was stored";
        return failure("%s: %s%s; %s".formatted(call, describe(thrown), tried, known), certainty, thrown);
    }

    /** Returns the exception of a failed read, which changes nothing. */
    static StoreException failedRead(CallName call, Throwable thrown, Attempts attempts) {
        return failure(
                "%s: %s%s".formatted(call, describe(thrown), tried(thrown, attempts)), Certainty.NOT_STORED, thrown);
    }

    /** Returns the exception of a read that failed before there was an attempt. */
    static StoreException failedRead(CallName call, Throwable thrown) {
        return failure("%s: %s".formatted(call, describe(thrown)), Certainty.NOT_STORED, thrown);
    }

    /** Returns how often and how long a call was tried, if time had to do with its failure. */
    private static String tried(Throwable thrown, Attempts attempts) {
        SQLException cause = sqlCause(thrown);
        boolean isError = cause != null
                && kind(cause, Database.POSTGRESQL) == Kind.OTHER
                && !isLocked(cause)
                && !isCancelled(cause);
        return isError && attempts.number() == 1 ? "" : "; " + attempts;
    }

    private static boolean isCancelled(SQLException failed) {
        return "57014".equals(failed.getSQLState());
    }

    private static StoreException failure(String message, Certainty certainty, Throwable thrown) {
        SQLException cause = sqlCause(thrown);
        return new StoreException(message, certainty, cause == null ? thrown : cause);
    }

    private static String describe(Throwable thrown) {
        SQLException cause = sqlCause(thrown);
        if (cause == null) {
            return thrown.getClass().getSimpleName();
        }
        if (isOutOfTime(thrown)) {
            return "the data source gave no connection in time: all of them may be in use, or the database may be away";
        }
        String state = cause.getSQLState();
        if (state != null && !state.isEmpty()) {
            return "the database gave SQLSTATE " + state + meaning(cause, state);
        }
        String meaning = meaning(cause.getErrorCode());
        return "the database gave error " + cause.getErrorCode() + (meaning.isEmpty() ? "" : ": " + meaning);
    }

    private static String meaning(SQLException cause, String state) {
        if (cause.getCause() instanceof SocketTimeoutException) {
            return ": no answer came in time";
        }
        return switch (state) {
            case "55P03" -> ": it waited too long for a lock";
            case "57014" -> ": it took too long, or waited too long for a lock";
            case "25006" -> ": it takes no changes, as a primary that was demoted does";
            default -> "";
        };
    }

    /** Returns what a result code of SQLite means, since its driver gives no SQLSTATE; empty for one that says little. */
    private static String meaning(int code) {
        return switch (code & 0xFF) {
            case 5, 6 -> "another connection holds its lock";
            case 8 -> "it can only be read";
            case 10 -> "the disk failed";
            case 11 -> "its file is damaged";
            case 13 -> "the disk is full";
            case 14 -> "its file cannot be opened";
            case 26 -> "its file is no SQLite database";
            default -> "";
        };
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
