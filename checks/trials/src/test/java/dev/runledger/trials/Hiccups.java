package dev.runledger.trials;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Measures by how much this machine is late, so that a bound on a time can be exact on one that is busy. */
final class Hiccups implements AutoCloseable {
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Thread thread = new Thread(this::measure, "hiccups");
    private volatile long longest;
    private volatile boolean stopping;

    Hiccups() {
        thread.setDaemon(true);
        thread.start();
    }

    private void measure() {
        while (!stopping) {
            long begun = System.nanoTime();
            try {
                TimeUnit.NANOSECONDS.sleep(NAP_NANOS);
            } catch (InterruptedException stopped) {
                return;
            }
            longest = Math.max(longest, System.nanoTime() - begun - NAP_NANOS);
        }
    }

    /** Returns the most that a sleep of this process has been late. */
    Duration longest() {
        return Duration.ofNanos(longest);
    }

    /** Returns the bound, and for each of several steps what this machine may be late in it. */
    Duration allowing(Duration bound, int steps) {
        return bound.plus(longest().multipliedBy(steps));
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
    }
}
