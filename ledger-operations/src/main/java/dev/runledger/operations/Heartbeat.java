package dev.runledger.operations;

import dev.runledger.store.LeaseStore;
import java.time.Duration;

/** Says in the database that this process is alive. */
final class Heartbeat {
    /** How many heartbeats are sent in the time that a process may be silent. */
    private static final int BEATS = 3;

    private final LeaseStore leases;
    private final String instance;
    private final Duration lostAfter;
    private volatile long beatAt;
    private volatile long steadySince;
    private volatile int instances;

    Heartbeat(LeaseStore leases, String instance, Duration lostAfter) {
        this.leases = leases;
        this.instance = instance;
        this.lostAfter = lostAfter;
        this.beatAt = System.nanoTime();
        this.steadySince = beatAt - lostAfter.toNanos(); // a process that has just begun has missed nothing
    }

    Duration interval() {
        return lostAfter.dividedBy(BEATS);
    }

    void beat() {
        boolean ignored = leases.heartbeat(instance, lostAfter);
        long now = System.nanoTime();
        if (now - beatAt > lostAfter.toNanos()) {
            steadySince = now;
        }
        beatAt = now;
        instances = leases.instances();
    }

    /**
     * Returns whether this process can judge others by their silence: it has been heard itself for as long as they may be silent. After the
     * database was away, all were silent.
     */
    boolean canJudge() {
        long now = System.nanoTime();
        return now - beatAt <= lostAfter.toNanos() && now - steadySince >= lostAfter.toNanos();
    }

    int instances() {
        return instances;
    }

    void end() {
        leases.removeInstance(instance);
    }
}
