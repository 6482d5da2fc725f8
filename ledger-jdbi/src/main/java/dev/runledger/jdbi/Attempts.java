package dev.runledger.jdbi;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The attempts of one call: how many there were, how much of its budget is left, and whether there is another. To make a write again is
 * safe, since it has a call id, by which it finds what an earlier attempt stored. Not thread-safe.
 */
final class Attempts {
    /** A row that violates a constraint because of a race does so once or twice; one that always does is an error. */
    private static final int ATTEMPTS_AT_DUPLICATES = 3;

    /** The longest pause after a dead connection. A pool may have many of them, and each one costs an attempt. */
    private static final long SHORT_PAUSE_MILLIS = 50;

    private static final long LONG_PAUSE_MILLIS = 250;

    /** By how much a pool may make a call late. */
    private static final long GRACE_NANOS = 250_000_000;

    private final CallBudget budget;
    private final long begun = System.nanoTime();
    private final long nanos;
    private int number;
    private long attemptBegun = begun;
    private boolean hopeless;
    private boolean interrupted;

    Attempts(CallBudget budget) {
        this.budget = budget;
        this.nanos = TimeUnit.NANOSECONDS.convert(budget.time()); // at most 292 years
    }

    CallBudget budget() {
        return budget;
    }

    /** Begins an attempt and returns its number, counted from 1. */
    int next() {
        attemptBegun = System.nanoTime();
        return ++number;
    }

    /** Returns the number of the attempt that was begun last. */
    int number() {
        return number;
    }

    /** Returns how many nanoseconds of the budget are left, negative if it is over. */
    long leftNanos() {
        return nanos - (System.nanoTime() - begun);
    }

    /** Returns how many milliseconds of the budget are left, at least 0. */
    int leftMillis() {
        return (int) Math.min(Integer.MAX_VALUE / 2, Math.max(0, leftNanos() / 1_000_000));
    }

    /** Notes that another attempt would fail as this one did. */
    void giveUp() {
        hopeless = true;
    }

    /** Pauses and returns true if another attempt may help, is safe, and has time; returns false if the thread was interrupted. */
    boolean another(Throwable failed, Database database) {
        if (hopeless || !mayHelp(failed, database)) {
            return false;
        }
        boolean neverCame = SqlErrors.isBeforeAnyWork(failed);
        long needed = neverCame ? System.nanoTime() - attemptBegun - GRACE_NANOS : 0; // a pool would wait as long again
        long left = leftNanos();
        return left > Math.max(0, needed)
                && paused(left, neverCame || SqlErrors.kind(failed, database) == SqlErrors.Kind.CONFLICT);
    }

    private boolean mayHelp(Throwable failed, Database database) {
        return switch (SqlErrors.kind(failed, database)) {
            case CONFLICT -> true;
            case DISCONNECTED, DEMOTED -> budget.cut() != CallBudget.Cut.STATEMENT; // else there is no other connection
            case OTHER ->
                database == Database.POSTGRESQL && SqlErrors.isDuplicate(failed) && number < ATTEMPTS_AT_DUPLICATES;
        };
    }

    /** Waits longer each time, and not as long as others do, so that two callers that met do not meet again. */
    private boolean paused(long left, boolean isLong) {
        long most = Math.min(isLong ? LONG_PAUSE_MILLIS : SHORT_PAUSE_MILLIS, 5L << Math.min(number, 10));
        long pause = TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(1, most + 1));
        try {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, pause));
            return leftNanos() > 0;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            interrupted = true;
            return false;
        }
    }

    /** Returns how often and how long this call was tried, for the message of its failure. */
    @Override
    public String toString() {
        long tenths = (System.nanoTime() - begun) / 100_000_000;
        return "%s in %s.%s s%s"
                .formatted(
                        number == 1 ? "1 attempt" : number + " attempts",
                        tenths / 10,
                        tenths % 10,
                        interrupted ? " until the thread was interrupted" : "");
    }
}
