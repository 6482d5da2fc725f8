package dev.runledger.history;

import dev.runledger.run.NewRun;
import dev.runledger.run.Target;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/** Counts a snapshot by walking all runs. */
final class SnapshotCount {
    /** What runs are counted by. */
    private record Key(String workflowName, Optional<String> taskQueue, RunState state) {}

    /** What a later success makes good. */
    private record Work(String project, String workflowName, Optional<Target> target) {
        static Work of(NewRun run) {
            return new Work(run.project(), run.workflowName(), run.target());
        }
    }

    private static final Comparator<WorkflowRun> NEWEST_LAST = Comparator.comparing(
                    (WorkflowRun run) -> run.times().queuedAt())
            .thenComparing(run -> run.id().value());

    private SnapshotCount() {}

    static RunStatistics.Snapshot of(Stream<WorkflowRun> runs, Instant now, Duration failedWithin) {
        Map<Key, RunStatistics.Group> groups = new HashMap<>();
        Map<Work, Instant> succeeded = new HashMap<>();
        List<WorkflowRun> failed = new ArrayList<>();
        Map<String, WorkflowRun> newest = new HashMap<>();
        runs.forEach(run -> {
            newest.merge(run.workflowName(), run, BinaryOperator.maxBy(NEWEST_LAST));
            if (run.request().channel() == NewRun.Channel.DRAFT) {
                return;
            }
            Instant since = run.times().changedAt();
            if (run.state().isInFlight()) {
                NewRun request = run.request();
                Key key = new Key(request.workflowName(), request.taskQueue(), run.state());
                RunStatistics.Group one =
                        new RunStatistics.Group(request.workflowName(), request.taskQueue(), run.state(), 1, since);
                groups.merge(key, one, SnapshotCount::plus);
            } else if (run.state() == RunState.SUCCEEDED) {
                succeeded.merge(Work.of(run.request()), since, (a, b) -> a.isAfter(b) ? a : b);
            } else if (run.state() == RunState.FAILED && !since.isBefore(now.minus(failedWithin))) {
                failed.add(run);
            }
        });
        Map<String, Long> failing = new HashMap<>();
        for (WorkflowRun run : failed) {
            Instant success = succeeded.get(Work.of(run.request()));
            if (success == null || !success.isAfter(run.times().changedAt())) {
                failing.merge(run.workflowName(), 1L, Long::sum);
            }
        }
        List<RunStatistics.Group> all = new ArrayList<>(groups.values());
        newest.values().stream()
                .map(WorkflowRun::request)
                .filter(request -> request.channel() == NewRun.Channel.LIVE)
                .forEach(request -> all.add(
                        new RunStatistics.Group(request.workflowName(), request.taskQueue(), RunState.QUEUED, 0, now)));
        return new RunStatistics.Snapshot(now, all, failing);
    }

    private static RunStatistics.Group plus(RunStatistics.Group a, RunStatistics.Group b) {
        Instant since = a.since().isBefore(b.since()) ? a.since() : b.since();
        return new RunStatistics.Group(a.workflowName(), a.taskQueue(), a.state(), a.count() + b.count(), since);
    }
}
