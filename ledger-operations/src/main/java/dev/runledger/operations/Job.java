package dev.runledger.operations;

import dev.runledger.store.LeaseStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Work that is done again and again on a daemon thread of its own, by whichever process has its lease. What fails is noted, and the job goes
 * on.
 */
final class Job {
    /** How long a lease is for each interval, so that a process that is slow for once keeps it. */
    private static final int LEASE_INTERVALS = 3;

    /** One pass of the work. */
    @FunctionalInterface
    interface Pass {
        /**
         * Works until nothing is left, or until it may not go on.
         *
         * @param permit says whether the job may go on, and renews its lease
         */
        void run(Permit permit);
    }

    /** Says whether a pass may go on. */
    @FunctionalInterface
    interface Permit {
        boolean mayGoOn();
    }

    private final String name;
    private final Duration interval;
    private final @Nullable LeaseStore leases; // null for work that every process does
    private final String holder;
    private final Pass pass;
    private final Trouble trouble;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private volatile long coveredAt;

    Job(String name, Duration interval, @Nullable LeaseStore leases, String holder, Pass pass, Trouble trouble) {
        this.name = name;
        this.interval = interval;
        this.leases = leases;
        this.holder = holder;
        this.pass = pass;
        this.trouble = trouble;
        this.coveredAt = System.nanoTime();
        this.thread = new Thread(this::loop, "ledger-" + name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Stops the work, and waits for the pass that is being made, at most this long. */
    void stop(Duration atMost) {
        stopped.countDown();
        boolean interrupted = false;
        long deadline = System.nanoTime() + atMost.toNanos();
        while (thread.isAlive() && System.nanoTime() < deadline) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
            } catch (InterruptedException wanted) {
                interrupted = true;
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how long ago this process made a pass, or saw that another one has the lease. */
    Duration sinceCovered() {
        return Duration.ofNanos(System.nanoTime() - coveredAt);
    }

    private void loop() {
        try {
            do {
                once();
            } while (!stopped.await(interval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException ended) { // by somebody else: the thread is ours, and ends
            Thread.currentThread().interrupt();
        } finally {
            release();
        }
    }

    /** Makes one pass if this process has the lease. One at a time: the application may ask for a pass while the thread makes one. */
    synchronized boolean once() {
        try {
            boolean ours = hasLease();
            if (ours) {
                pass.run(() -> stopped.getCount() > 0 && hasLease());
            }
            coveredAt = System.nanoTime();
            return ours;
        } catch (RuntimeException | Error failed) { // whatever it is, the next pass may do better
            trouble.note(name, failed);
            return false;
        }
    }

    private boolean hasLease() {
        return leases == null || leases.lease(name, holder, interval.multipliedBy(LEASE_INTERVALS));
    }

    private void release() {
        if (leases != null) {
            try {
                leases.release(name, holder);
            } catch (RuntimeException | Error gone) { // then the lease runs out
                trouble.note(name, gone);
            }
        }
    }
}
