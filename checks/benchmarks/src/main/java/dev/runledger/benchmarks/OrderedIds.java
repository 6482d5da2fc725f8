package dev.runledger.benchmarks;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Makes ids that are ordered by time as those of the ledger are, so that the indexes grow alike in every way. */
final class OrderedIds {
    private final AtomicLong stamp = new AtomicLong(System.currentTimeMillis() << 12);

    UUID next() {
        long next = stamp.incrementAndGet();
        long high = next >>> 12 << 16 | 0x7000L | next & 0xFFF;
        return new UUID(high, ThreadLocalRandom.current().nextLong() >>> 2 | Long.MIN_VALUE);
    }
}
