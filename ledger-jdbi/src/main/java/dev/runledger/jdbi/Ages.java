package dev.runledger.jdbi;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Compares times of runs with the clock that they were written by: the database's own on PostgreSQL, the store's on SQLite.
 *
 * @param database the database
 * @param clock the clock of the store, or null if the database has its own
 */
record Ages(Database database, @Nullable InstantSource clock) {
    /** More than any run is old, and few enough microseconds for both databases to count back from now. */
    private static final Duration MOST = Duration.ofDays(365 * 2_000);

    /** Returns a time span as microseconds, cut to what the databases can count with. */
    static long micros(Duration span) {
        return (span.compareTo(MOST) < 0 ? span : MOST).dividedBy(ChronoUnit.MICROS.getDuration());
    }

    /** Returns the SQL for the time of the statement. {@link #bindNow} binds it. */
    String now() {
        return clock == null ? "statement_timestamp()" : ":now";
    }

    /** Returns the SQL for the latest time that has this age. {@link #bindUntil} binds it. */
    String until() {
        return clock == null ? "(" + database.later("statement_timestamp()", ":age") + ")" : ":until";
    }

    /** Returns the time of a statement, or null if the database has its own. */
    @Nullable
    Instant moment() {
        return clock == null ? null : clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    static void bindNow(Binder binder, @Nullable Instant moment) {
        if (moment != null) {
            binder.instant("now", moment);
        }
    }

    static void bindUntil(Binder binder, @Nullable Instant moment, Duration age) {
        if (moment == null) {
            binder.number("age", -micros(age));
        } else {
            binder.instant("until", moment.minus(micros(age), ChronoUnit.MICROS));
        }
    }
}
