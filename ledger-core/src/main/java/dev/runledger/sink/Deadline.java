package dev.runledger.sink;

import java.time.Duration;

/** A moment on the monotonic clock, so that one timeout can be shared by several waits. */
final class Deadline {
    private final long at;

    private Deadline(long at) {
        this.at = at;
    }

    static Deadline in(Duration timeout) {
        long nanos;
        try {
            nanos = Math.max(0, timeout.toNanos());
        } catch (ArithmeticException longerThanTwoCenturies) {
            nanos = Long.MAX_VALUE / 2;
        }
        return new Deadline(System.nanoTime() + Math.min(nanos, Long.MAX_VALUE / 2));
    }

    /** Returns the nanoseconds that are left; zero or less when it has passed. */
    long left() {
        return at - System.nanoTime();
    }
}
