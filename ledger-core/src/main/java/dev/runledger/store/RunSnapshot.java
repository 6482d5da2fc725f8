package dev.runledger.store;

import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many runs a store holds in which state, at one moment: what gauges show.
 *
 * @param at when, by the store's clock
 * @param inFlight the runs that have not ended, counted by workflow, queue and state
 * @param failing by workflow, how many runs failed lately with no later success of the same project, workflow and target
 */
public record RunSnapshot(Instant at, List<Group> inFlight, Map<String, Long> failing) {
    /** Copies the collections. */
    public RunSnapshot {
        Objects.requireNonNull(at, "at");
        inFlight = List.copyOf(inFlight);
        failing = Map.copyOf(failing);
    }

    /**
     * Counts by hand, for a store that has no query language.
     *
     * @param runs every run that the store holds
     * @param now what time it is by the store's clock
     * @param failedWithin how far back failures are counted
     */
    public static RunSnapshot of(Stream<WorkflowRun> runs, Instant now, Duration failedWithin) {
        return SnapshotCount.of(runs, now, failedWithin);
    }

    /**
     * Runs of one workflow and queue in one state.
     *
     * @param workflowName which workflow
     * @param taskQueue the host's queue that they go through, or null
     * @param state {@code QUEUED}, {@code RUNNING} or {@code SUSPENDED}
     * @param count how many
     * @param since when the oldest of them entered the state
     */
    public record Group(String workflowName, @Nullable String taskQueue, RunState state, long count, Instant since) {
        /** Checks the parts. */
        public Group {
            Objects.requireNonNull(workflowName, "workflowName");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(since, "since");
        }
    }
}
