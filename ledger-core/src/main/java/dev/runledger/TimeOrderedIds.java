package dev.runledger;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Makes UUIDs of version 7 (RFC 9562): 48 bits of milliseconds, a counter of 12 bits in the place of {@code rand_a}, 62 random
 * bits. They sort by time, and those of one process by the order in which they were made, also when the clock steps back.
 */
final class TimeOrderedIds implements Supplier<String> {
    private static final int COUNTER_BITS = 12;
    private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong latest = new AtomicLong();

    TimeOrderedIds(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public String get() {
        long now = clock.millis() << COUNTER_BITS;
        long stamp = latest.updateAndGet(before -> Math.max(now, before + 1));
        long high = (stamp >>> COUNTER_BITS) << 16 | 0x7000L | (stamp & COUNTER_MASK);
        long low = (random.nextLong() >>> 2) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }
}
