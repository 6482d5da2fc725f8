package dev.runledger.operations;

import dev.runledger.CheckReturnValue;
import dev.runledger.Ledger;
import dev.runledger.history.RunQuery;
import dev.runledger.run.Recovery;
import dev.runledger.run.RunId;
import dev.runledger.store.LeaseStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Leaves nothing stuck: recovers the runs of lost processes, offers waiting runs to their queue again, acts on deadlines, and removes what is
 * old, as the {@link RunPolicy} of each workflow says.
 *
 * <p>Every process of an application can run it. Each job is done by the one that has its lease, by the clock of the database. A process
 * that runs it is an instance with a heartbeat; the runs of a process that does not run it are never taken for lost. It has three daemon
 * threads, {@code ledger-heartbeat}, {@code ledger-sweeper} and {@code ledger-retention}, the last only if a policy or {@link
 * Builder#keepRefusals} removes something.
 *
 * <p>What fails is counted, logged once a minute, and tried again with the next pass. Thread-safe. Close it after the application's workers
 * have stopped, and before its store is closed.
 */
@CheckReturnValue
public final class Operations implements AutoCloseable {
    private enum Stage {
        BUILT,
        STARTED,
        CLOSED
    }

    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final Ledger ledger;
    private final LeaseStore leases;
    private final Duration lostAfter;
    private final Duration sweepEvery;
    private final Tally tally = new Tally();
    private final Trouble trouble = new Trouble(tally.failures);
    private final Heartbeat heartbeat;
    private final Sweeper sweeper;
    private final Retention retention;
    private final boolean removes;
    private final Job heart;
    private final Job sweeps;
    private final Job removals;
    private volatile Stage stage = Stage.BUILT;

    private Operations(Builder builder) {
        this.ledger = builder.ledger;
        this.leases = ledger.maintenance().port(LeaseStore.class);
        this.lostAfter = builder.lostAfter;
        this.sweepEvery = builder.sweepEvery;
        Policies policies = new Policies(builder.others, builder.own);
        this.heartbeat = new Heartbeat(leases, ledger.instance(), lostAfter);
        this.sweeper = new Sweeper(ledger, policies, heartbeat, tally, trouble);
        this.retention = new Retention(ledger, policies, builder.refusals, tally);
        this.removes = retention.isOn() || builder.refusals.isPresent();
        String holder = ledger.instance();
        this.heart = new Job("heartbeat", heartbeat.interval(), null, holder, permit -> heartbeat.beat(), trouble);
        this.sweeps = new Job("sweeper", sweepEvery, leases, holder, sweeper::sweep, trouble);
        this.removals = new Job("retention", builder.removeEvery, leases, holder, retention::pass, trouble);
    }

    /** Starts a builder for this ledger, with every default. */
    public static Builder builder(Ledger ledger) {
        return new Builder(ledger);
    }

    /**
     * Sends the first heartbeat and starts the threads. Called again, it does nothing.
     *
     * @return this
     * @throws dev.runledger.store.StoreException if the store cannot be reached; nothing is started then, and it can be called again
     * @throws IllegalStateException if it was closed
     */
    public synchronized Operations start() {
        if (stage == Stage.CLOSED) {
            throw new IllegalStateException("these operations were closed: expected new ones");
        }
        if (stage == Stage.BUILT) {
            heartbeat.beat();
            stage = Stage.STARTED;
            heart.start();
            sweeps.start();
            if (removes) {
                removals.start();
            }
        }
        return this;
    }

    /**
     * Makes one pass of the sweep on this thread, unless another process has its lease: for tests, and for an operator who does not want to
     * wait.
     *
     * @return whether it was made
     */
    public boolean sweep() {
        return sweeps.once();
    }

    /** Makes one pass of the retention on this thread, unless another process has its lease; returns whether it was made. */
    public boolean removeExpired() {
        return removals.once();
    }

    /**
     * Removes every ended run that passes the filters of the query, for a person's data: with its tasks, events and bodies, its remembered
     * delivery, and its target in what the statistics keep. Runs in flight stay, and are named in the result: cancel them, and erase again. If
     * the process dies meanwhile, a body can be left in the payload store that no run has.
     *
     * @throws dev.runledger.store.StoreException if the store fails; what was removed until then is removed
     */
    public Erased erase(RunQuery query) {
        return retention.erase(Objects.requireNonNull(query, "query"));
    }

    /** Returns what was done since this was built. */
    public Counters counters() {
        return tally.counters();
    }

    /** Returns how many processes sent heartbeats lately, as this one last saw it. */
    public int instances() {
        return heartbeat.instances();
    }

    /** Returns the time since this process last swept, or saw that another one does. */
    public Duration sinceSweep() {
        return sweeps.sinceCovered();
    }

    /** Returns how the ledger and its operations are. Asks the store; for an actuator, not for every request. */
    public Health health() {
        boolean started = stage == Stage.STARTED;
        return new HealthCheck(ledger, retention, tally)
                .of(
                        started,
                        instances(),
                        sinceSweep(),
                        sweepEvery.multipliedBy(6).plus(lostAfter));
    }

    /**
     * Stops the threads, fails or requeues the runs that this process still has, as their policies say, and takes it from the list of
     * instances. Throws nothing; what fails is left to the other instances. The ledger and its store stay open.
     */
    @Override
    public synchronized void close() {
        if (stage == Stage.STARTED) {
            sweeps.stop(LONGEST_STOP);
            if (removes) {
                removals.stop(LONGEST_STOP);
            }
            try {
                sweeper.shutDown();
            } catch (RuntimeException | Error failed) {
                trouble.note("shutdown", failed);
            }
            heart.stop(LONGEST_STOP);
            try {
                heartbeat.end();
            } catch (RuntimeException | Error failed) { // its heartbeat runs out
                trouble.note("shutdown", failed);
            }
        }
        stage = Stage.CLOSED;
    }

    /**
     * Says what was done.
     *
     * @param recovered how many runs were changed by each recovery, by what became of them: {@code failed}, {@code requeued}, {@code
     *     cancelled}, {@code resumed}, {@code succeeded}, {@code incomplete}, or {@code rejected} if the run had changed meanwhile. All that can be
     *     are there, at zero if they never happened
     * @param offered how many runs were handed to the queue once more
     * @param overdue how many waits were reported
     * @param sweeps how many passes the sweep made here
     * @param failures how much failed: a pass, or a step with a run
     * @param lostInstances how many processes were taken for lost
     * @param removedRuns how many runs retention and erasure removed
     * @param removedEvents how many events went with them
     * @param removedPayloads how many bodies went from the payload store
     * @param removedRefusals how many refusals were removed
     */
    public record Counters(
            Map<Recovery, Map<String, Long>> recovered,
            long offered,
            long overdue,
            long sweeps,
            long failures,
            long lostInstances,
            long removedRuns,
            long removedEvents,
            long removedPayloads,
            long removedRefusals) {
        /** Copies the map. */
        public Counters {
            Map<Recovery, Map<String, Long>> copy = new TreeMap<>();
            recovered.forEach((recovery, actions) -> copy.put(recovery, Map.copyOf(actions)));
            recovered = Map.copyOf(copy);
        }

        /** Returns how many runs a recovery changed like this. */
        public long recovered(Recovery recovery, String action) {
            return recovered.getOrDefault(recovery, Map.of()).getOrDefault(action, 0L);
        }
    }

    /**
     * Says how the ledger and its operations are.
     *
     * @param started whether the operations run in this process
     * @param storeReachable whether the store answered
     * @param instances how many processes sent heartbeats lately
     * @param sinceSweep the time since this process last swept, or saw that another one does
     * @param oldestQueued how long the oldest QUEUED run waits; empty if there is none, or if the store does not count
     * @param problems what keeps the ledger from its work; empty if it is healthy
     * @param warnings what should be looked at
     */
    public record Health(
            boolean started,
            boolean storeReachable,
            int instances,
            Duration sinceSweep,
            Optional<Duration> oldestQueued,
            List<String> problems,
            List<String> warnings) {
        /** Copies the lists. */
        public Health {
            problems = List.copyOf(problems);
            warnings = List.copyOf(warnings);
        }

        /** Returns whether there are no problems. */
        public boolean isHealthy() {
            return problems.isEmpty();
        }
    }

    /**
     * Says what an erasure did.
     *
     * @param runs how many runs are gone
     * @param inFlight those that are in flight and stay
     */
    public record Erased(int runs, List<RunId> inFlight) {
        /** Copies the list. */
        public Erased {
            inFlight = List.copyOf(inFlight);
        }
    }

    /** Builds {@link Operations}. Not thread-safe. */
    public static final class Builder {
        private final Ledger ledger;
        private final Map<String, RunPolicy> own = new HashMap<>();
        private RunPolicy others = RunPolicy.defaults();
        private Duration lostAfter = Duration.ofSeconds(30);
        private Duration sweepEvery = Duration.ofSeconds(10);
        private Duration removeEvery = Duration.ofMinutes(10);
        private Optional<Duration> refusals = Optional.empty();

        private Builder(Ledger ledger) {
            this.ledger = Objects.requireNonNull(ledger, "ledger");
        }

        /** Sets the policy of the workflows that have none of their own. Default: {@link RunPolicy#defaults()}. */
        public Builder policy(RunPolicy policy) {
            this.others = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** Sets the policy of a workflow. It stands alone, and takes nothing from the policy of the others. */
        public Builder policy(String workflowName, RunPolicy policy) {
            own.put(Objects.requireNonNull(workflowName, "workflowName"), Objects.requireNonNull(policy, "policy"));
            return this;
        }

        /**
         * Sets how long a process may be silent before it is taken for lost. It sends three heartbeats in that time. A pause of the whole process
         * that is longer, for garbage collection or migration, costs it its runs. Default: 30 seconds; at least a second.
         */
        public Builder lostAfter(Duration lostAfter) {
            this.lostAfter = atLeastASecond("lostAfter", lostAfter);
            return this;
        }

        /** Sets the time between two sweeps. Default: 10 seconds; at least a second. */
        public Builder sweepEvery(Duration sweepEvery) {
            this.sweepEvery = atLeastASecond("sweepEvery", sweepEvery);
            return this;
        }

        /** Sets the time between two passes of the retention. Default: 10 minutes; at least a second. */
        public Builder removeEvery(Duration removeEvery) {
            this.removeEvery = atLeastASecond("removeEvery", removeEvery);
            return this;
        }

        /** Sets for how long refused dispatches are kept, which belong to no run. Default: for ever; at least a second. */
        public Builder keepRefusals(Duration time) {
            this.refusals = Optional.of(atLeastASecond("time", time));
            return this;
        }

        private static Duration atLeastASecond(String name, Duration duration) {
            if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("%s is %s, expected a second or more".formatted(name, duration));
            }
            return duration;
        }

        /**
         * Builds the operations, which do nothing until they are started.
         *
         * @throws IllegalStateException if the store of the ledger has no leases, no recovery or no retention; the message says which
         */
        public Operations build() {
            return new Operations(this);
        }
    }
}
