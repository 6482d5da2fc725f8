package dev.runledger.run;

import java.time.Duration;
import java.util.Objects;

/**
 * When a failed attempt of a task is expected to be tried again. It only computes: nothing sleeps and nothing is re-run.
 *
 * @param maxAttempts how many attempts there may be in all; 1 means no retry, {@link Integer#MAX_VALUE} to keep trying
 * @param firstDelay the delay before the second attempt
 * @param factor by what the delay grows with each further attempt; 1 for a constant delay
 * @param maxDelay the longest delay
 */
public record RetryPolicy(int maxAttempts, Duration firstDelay, double factor, Duration maxDelay) {
    private static final RetryPolicy NONE = new RetryPolicy(1, Duration.ZERO, 1, Duration.ZERO);

    /** Checks the parts, throwing an {@link IllegalArgumentException} that names the one that does not fit. */
    public RetryPolicy {
        Objects.requireNonNull(firstDelay, "firstDelay");
        Objects.requireNonNull(maxDelay, "maxDelay");
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts is " + maxAttempts + ", expected 1 or more");
        }
        if (!(factor >= 1) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("factor is " + factor + ", expected a finite number of at least 1");
        }
        if (firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "delays are %s up to %s, expected 0 <= first <= longest".formatted(firstDelay, maxDelay));
        }
    }

    /** No retry is expected: any is an unexpected one. */
    public static RetryPolicy none() {
        return NONE;
    }

    /** A retry is expected after every failure, after a constant delay. */
    public static RetryPolicy keepTrying(Duration delay) {
        return new RetryPolicy(Integer.MAX_VALUE, delay, 1, delay);
    }

    /** Up to this many attempts in all, after a constant delay. */
    public static RetryPolicy upTo(int maxAttempts, Duration delay) {
        return new RetryPolicy(maxAttempts, delay, 1, delay);
    }

    /** Up to this many attempts in all, the delay doubling from the first to the longest. */
    public static RetryPolicy exponential(int maxAttempts, Duration firstDelay, Duration maxDelay) {
        return new RetryPolicy(maxAttempts, firstDelay, 2, maxDelay);
    }

    /** What follows the failure of this attempt, counted from 1. */
    public Retry after(int attempt) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt is " + attempt + ", expected 1 or more");
        }
        boolean expected = attempt < maxAttempts;
        return new Retry(expected, attempt + 1, expected ? delayAfter(attempt) : Duration.ZERO);
    }

    private Duration delayAfter(int attempt) {
        double millis = (double) firstDelay.toMillis() * Math.pow(factor, attempt - 1);
        return millis >= (double) maxDelay.toMillis() ? maxDelay : Duration.ofMillis((long) millis);
    }

    /**
     * What follows a failed attempt.
     *
     * @param expected whether a retry is expected
     * @param nextAttempt the number of the next attempt
     * @param delay the delay before it; zero where none is expected
     */
    public record Retry(boolean expected, int nextAttempt, Duration delay) {}
}
