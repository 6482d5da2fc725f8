package dev.runledger.run;

import java.time.Duration;
import java.util.Objects;

/**
 * Says when a failed attempt of a task is expected to be tried again. It only computes: it sleeps nowhere and runs nothing.
 *
 * @param maxAttempts how many attempts there may be in all; 1 means no retry, {@link Integer#MAX_VALUE} means no end
 * @param backoff the delays before the second attempt and each one after it
 */
public record RetryPolicy(int maxAttempts, Backoff backoff) {
    private static final RetryPolicy NONE = new RetryPolicy(1, Backoff.constant(Duration.ZERO));

    /** Checks the parts; throws an {@link IllegalArgumentException} that names the one that does not fit. */
    public RetryPolicy {
        Objects.requireNonNull(backoff, "backoff");
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts is " + maxAttempts + ", expected 1 or more");
        }
    }

    /** Returns a policy that expects no retry. */
    public static RetryPolicy none() {
        return NONE;
    }

    /** Returns a policy that expects a retry after every failure, after a constant delay. */
    public static RetryPolicy keepTrying(Duration delay) {
        return upTo(Integer.MAX_VALUE, delay);
    }

    /** Returns a policy of up to this many attempts in all, after a constant delay. */
    public static RetryPolicy upTo(int maxAttempts, Duration delay) {
        return new RetryPolicy(maxAttempts, Backoff.constant(delay));
    }

    /** Returns a policy of up to this many attempts in all; the delay doubles from the first to the longest. */
    public static RetryPolicy exponential(int maxAttempts, Duration firstDelay, Duration longestDelay) {
        return new RetryPolicy(maxAttempts, Backoff.exponential(firstDelay, longestDelay));
    }

    /** Returns what follows the failure of this attempt, counted from 1. */
    public Retry after(int attempt) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt is " + attempt + ", expected 1 or more");
        }
        boolean expected = attempt < maxAttempts;
        return new Retry(expected, attempt + 1, expected ? backoff.delay(attempt) : Duration.ZERO);
    }

    /**
     * What follows a failed attempt.
     *
     * @param expected whether a retry is expected
     * @param nextAttempt the number of the next attempt
     * @param delay the delay before it; zero if no retry is expected
     */
    public record Retry(boolean expected, int nextAttempt, Duration delay) {}

    /**
     * A delay that grows by a factor each time, up to a longest one, in whole milliseconds.
     *
     * @param first the first delay
     * @param factor by what the delay grows; 1 for a constant delay
     * @param longest the longest delay
     */
    public record Backoff(Duration first, double factor, Duration longest) {
        /** Checks the parts; throws an {@link IllegalArgumentException} that names the one that does not fit. */
        public Backoff {
            Objects.requireNonNull(first, "first");
            Objects.requireNonNull(longest, "longest");
            if (!(factor >= 1) || Double.isInfinite(factor)) {
                throw new IllegalArgumentException("factor is " + factor + ", expected a finite number of at least 1");
            }
            if (first.isNegative() || longest.compareTo(first) < 0) {
                throw new IllegalArgumentException(
                        "delays are %s up to %s, expected 0 <= first <= longest".formatted(first, longest));
            }
        }

        /** Returns a delay that does not grow. */
        public static Backoff constant(Duration delay) {
            return new Backoff(delay, 1, delay);
        }

        /** Returns a delay that doubles from the first to the longest. */
        public static Backoff exponential(Duration first, Duration longest) {
            return new Backoff(first, 2, longest);
        }

        /** Returns the delay before this repetition, counted from 1. */
        public Duration delay(long repetition) {
            double millis = (double) first.toMillis() * Math.pow(factor, (double) (repetition - 1));
            return millis >= (double) longest.toMillis() ? longest : Duration.ofMillis((long) millis);
        }
    }
}
