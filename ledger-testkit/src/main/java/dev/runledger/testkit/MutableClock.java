package dev.runledger.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class MutableClock implements InstantSource {
    private volatile Instant now;

    private MutableClock(Instant now) {
        this.now = now;
    }

    /** Returns a clock that stands at this instant. */
    public static MutableClock at(Instant now) {
        return new MutableClock(now);
    }

    /** Returns a clock that stands at this instant, given as ISO-8601 text. */
    public static MutableClock at(String now) {
        return at(Instant.parse(now));
    }

    /** Moves the clock; back if the duration is negative. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
