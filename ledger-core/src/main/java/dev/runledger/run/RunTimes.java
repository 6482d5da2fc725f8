package dev.runledger.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When a run did what, by the clock of its store, in microseconds.
 *
 * <p>No duration taken from it is negative, whatever the clock did: what would be is zero.
 *
 * @param queuedAt when it was dispatched
 * @param startedAt when it first entered RUNNING, or null
 * @param suspendedAt when its latest wait began, or null
 * @param suspended how long the waits that are over took together
 * @param changedAt when it entered the state that it is in
 */
public record RunTimes(
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant suspendedAt,
        Duration suspended,
        Instant changedAt) {
    /** Checks that the times that every run has are there. */
    public RunTimes {
        Objects.requireNonNull(queuedAt, "queuedAt");
        Objects.requireNonNull(suspended, "suspended");
        Objects.requireNonNull(changedAt, "changedAt");
    }

    /** The times of a run that was dispatched at this instant. */
    public static RunTimes queuedAt(Instant now) {
        return new RunTimes(now, null, null, Duration.ZERO, now);
    }

    /** From dispatch to the first RUNNING; null where the run never ran. */
    public @Nullable Duration queueWait() {
        return startedAt == null ? null : between(queuedAt, startedAt);
    }

    /** Wall time from the first RUNNING, suspensions included, to the latest change; from dispatch where the run never ran. */
    public Duration elapsed() {
        return between(startedAt == null ? queuedAt : startedAt, changedAt);
    }

    /** From the beginning of the latest wait to the latest change; zero where there was no wait. */
    public Duration latestWait() {
        return suspendedAt == null ? Duration.ZERO : between(suspendedAt, changedAt);
    }

    /** The time between two instants, or zero where the clock went backwards. */
    static Duration between(Instant from, Instant to) {
        Duration duration = Duration.between(from, to);
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
