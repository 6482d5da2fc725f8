package dev.runledger;

import java.time.Duration;
import java.util.Objects;

/**
 * How {@link Ledger#await} looks at a run until it has ended.
 *
 * @param first the pause after the first look; 50 milliseconds by default
 * @param factor by what the pause grows after each look; 1.5 by default
 * @param longest the longest pause; 5 seconds by default
 * @param timeout how long to wait in all
 */
public record Polling(Duration first, double factor, Duration longest, Duration timeout) {
    /** Checks the parts, throwing an {@link IllegalArgumentException} that names the one that does not fit. */
    public Polling {
        Objects.requireNonNull(timeout, "timeout");
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "pauses are %s up to %s, expected 0 < first <= longest".formatted(first, longest));
        }
        if (!(factor >= 1) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("factor is " + factor + ", expected a finite number of at least 1");
        }
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", expected 0 or more");
        }
    }

    /** The default pauses for this long. */
    public static Polling upTo(Duration timeout) {
        return new Polling(Duration.ofMillis(50), 1.5, Duration.ofSeconds(5), timeout);
    }

    /** The pause after this look, counted from 1. */
    Duration pauseAfter(long poll) {
        double nanos = (double) first.toNanos() * Math.pow(factor, (double) (poll - 1));
        return nanos >= (double) longest.toNanos() ? longest : Duration.ofNanos((long) nanos);
    }
}
