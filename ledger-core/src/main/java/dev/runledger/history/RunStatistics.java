package dev.runledger.history;

import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts what a store keeps. A store implements it if it can; thread-safe. */
public interface RunStatistics {
    /**
     * Counts what is in flight, and what failed within this time and has not succeeded since. One small query, for gauges. A workflow that
     * the store has runs of, of which none is in flight, has a group of 0 runs, so that its gauges are zero and not absent: for the queue
     * of its newest run, unless that is a draft. A store gives at least 200 workflows such a group, if it has so many.
     *
     * @param failedWithin how far back failures are counted
     */
    Snapshot snapshot(Duration failedWithin);

    /**
     * How many runs a store holds in which state, at one moment.
     *
     * @param at when, by the clock of the store
     * @param inFlight the runs that have not ended, counted by workflow, queue and state; and a group of 0 runs for each workflow and queue
     *     that is known and has none
     * @param failing by workflow, how many runs failed lately without a later success of the same project, workflow and target
     */
    record Snapshot(Instant at, List<Group> inFlight, Map<String, Long> failing) {
        /** Copies the collections. Leaves out a group of no runs if there is another one of its workflow and queue. */
        public Snapshot {
            Objects.requireNonNull(at, "at");
            Set<List<Object>> busy = inFlight.stream()
                    .filter(group -> group.count() > 0)
                    .map(Group::workflowAndQueue)
                    .collect(Collectors.toSet());
            inFlight = inFlight.stream()
                    .filter(group -> group.count() > 0 || !busy.contains(group.workflowAndQueue()))
                    .toList();
            failing = Map.copyOf(failing);
        }

        /**
         * Counts all runs, for a store without a query language.
         *
         * @param runs every run that the store holds
         * @param now the time by the clock of the store
         * @param failedWithin how far back failures are counted
         */
        public static Snapshot of(Stream<WorkflowRun> runs, Instant now, Duration failedWithin) {
            return SnapshotCount.of(runs, now, failedWithin);
        }
    }

    /**
     * Runs of one workflow and queue in one state.
     *
     * @param workflowName the workflow
     * @param taskQueue the application's queue that they go through, if they name one
     * @param state {@code QUEUED}, {@code RUNNING} or {@code SUSPENDED}
     * @param count how many; 0 in state {@code QUEUED} for a workflow and queue that has nothing in flight
     * @param since when the oldest of them entered the state; the moment of the snapshot if there are none
     */
    record Group(String workflowName, Optional<String> taskQueue, RunState state, long count, Instant since) {
        /** Checks that the parts are there. */
        public Group {
            Objects.requireNonNull(workflowName, "workflowName");
            Objects.requireNonNull(taskQueue, "taskQueue");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(since, "since");
        }

        private List<Object> workflowAndQueue() {
            return List.of(workflowName, taskQueue);
        }
    }
}
