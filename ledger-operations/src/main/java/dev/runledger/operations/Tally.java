package dev.runledger.operations;

import dev.runledger.run.Recovery;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the jobs did. Thread-safe. */
final class Tally {
    /** What can be done to a run that was found. */
    enum Action {
        FAILED,
        REQUEUED,
        CANCELLED,
        RESUMED,
        SUCCEEDED,
        INCOMPLETE,
        /** The run had changed meanwhile. */
        REJECTED
    }

    private record Recovered(Recovery recovery, Action action) {}

    final LongAdder offered = new LongAdder();
    final LongAdder overdue = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder sweeps = new LongAdder();
    final LongAdder lostInstances = new LongAdder();
    final LongAdder removedRuns = new LongAdder();
    final LongAdder removedEvents = new LongAdder();
    final LongAdder removedPayloads = new LongAdder();
    final LongAdder removedRefusals = new LongAdder();
    private final Map<Recovered, LongAdder> recovered;

    Tally() {
        Map<Recovered, LongAdder> all = new HashMap<>();
        for (Recovery recovery : Recovery.values()) {
            actions(recovery).forEach(action -> all.put(new Recovered(recovery, action), new LongAdder()));
            all.put(new Recovered(recovery, Action.REJECTED), new LongAdder());
        }
        this.recovered = Map.copyOf(all);
    }

    private static Set<Action> actions(Recovery recovery) {
        return switch (recovery) {
            case WORKER_LOST, SHUTDOWN -> EnumSet.of(Action.FAILED, Action.REQUEUED);
            case NEVER_STARTED, OUT_OF_TIME -> EnumSet.of(Action.FAILED);
            case DEADLINE -> EnumSet.of(Action.FAILED, Action.CANCELLED, Action.RESUMED);
            case CHILDREN_ENDED -> EnumSet.of(Action.SUCCEEDED, Action.INCOMPLETE, Action.FAILED);
            case PARENT_CANCELLED -> EnumSet.of(Action.CANCELLED);
        };
    }

    void count(Recovery recovery, Action action) {
        Objects.requireNonNull(recovered.get(new Recovered(recovery, action))).increment();
    }

    Operations.Counters counters() {
        Map<Recovery, Map<String, Long>> actions = new TreeMap<>();
        recovered.forEach((key, count) -> actions.computeIfAbsent(key.recovery(), recovery -> new TreeMap<>())
                .put(key.action().name().toLowerCase(Locale.ROOT), count.sum()));
        return new Operations.Counters(
                actions,
                offered.sum(),
                overdue.sum(),
                sweeps.sum(),
                failures.sum(),
                lostInstances.sum(),
                removedRuns.sum(),
                removedEvents.sum(),
                removedPayloads.sum(),
                removedRefusals.sum());
    }
}
