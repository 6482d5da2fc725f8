package dev.runledger.operations;

import dev.runledger.run.Recovery;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<Recovered, LongAdder> recovered = new ConcurrentHashMap<>();

    void count(Recovery recovery, Action action) {
        recovered
                .computeIfAbsent(new Recovered(recovery, action), key -> new LongAdder())
                .increment();
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
