package dev.runledger.operations;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.history.RunStatistics;
import dev.runledger.operations.Operations.Health;
import dev.runledger.state.RunState;
import dev.runledger.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at a ledger and its operations. */
record HealthCheck(Ledger ledger, Retention retention, Tally tally) {
    /**
     * Returns how they are.
     *
     * @param late from what time without a sweep on it is a problem
     */
    Health of(boolean started, int instances, Duration sinceSweep, Duration late) {
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        if (!started) {
            problems.add("the operations are not started in this process");
        } else if (sinceSweep.compareTo(late) > 0) {
            problems.add("nobody has swept for %s s".formatted(sinceSweep.toSeconds()));
        }
        Optional<Duration> oldest = Optional.empty();
        boolean reachable = true;
        try {
            oldest = oldestQueued();
            if (!retention.isOn() && retention.isNeeded()) {
                warnings.add("there are runs that ended more than 30 days ago, and no policy removes any");
            }
        } catch (StoreException away) { // its message has no text of a caller
            reachable = false;
            problems.add("the store cannot be read: " + away.getMessage());
        }
        counters(warnings);
        return new Health(started, reachable, instances, sinceSweep, oldest, problems, warnings);
    }

    private Optional<Duration> oldestQueued() {
        RunStatistics statistics;
        try {
            statistics = ledger.statistics();
        } catch (IllegalStateException none) {
            return Optional.empty();
        }
        RunStatistics.Snapshot snapshot = statistics.snapshot(Duration.ofDays(1));
        return snapshot.inFlight().stream()
                .filter(group -> group.state() == RunState.QUEUED && group.count() > 0)
                .map(RunStatistics.Group::since)
                .min(Instant::compareTo)
                .map(since -> Duration.between(since, snapshot.at()));
    }

    /** Adds the counters that should be zero and are not. */
    private void counters(List<String> warnings) {
        WorkflowRunEvents.Counters events = ledger.events().counters();
        events.sinks().stream()
                .filter(sink -> sink.failed() + sink.dropped() > 0)
                .forEach(sink -> warnings.add("sink %s: %s events failed, %s were dropped"
                        .formatted(sink.sink(), sink.failed(), sink.dropped())));
        warn(warnings, events.contractViolations(), "events break their contract");
        warn(warnings, events.buildFailures(), "events could not be built");
        warn(warnings, tally.failures.sum(), "passes or steps of the operations failed");
    }

    private static void warn(List<String> warnings, long count, String what) {
        if (count > 0) {
            warnings.add(count + " " + what);
        }
    }
}
