package dev.runledger.benchmarks;

import java.util.Arrays;
import java.util.List;

/** The stopwatch of one caller. It notes how long each call took. */
final class Laps {
    private long[] nanos = new long[1 << 14];
    private int count;
    private long since;

    /** Starts the first lap of a run. */
    void start() {
        since = System.nanoTime();
    }

    /** Ends a lap, and starts the next. */
    void lap() {
        long now = System.nanoTime();
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = now - since;
        since = now;
    }

    /** Returns the laps of all callers in microseconds, the shortest first. */
    static double[] sortedMicros(List<Laps> callers) {
        return callers.stream()
                .flatMapToLong(laps -> Arrays.stream(laps.nanos, 0, laps.count))
                .sorted()
                .mapToDouble(lap -> lap / 1e3)
                .toArray();
    }
}
