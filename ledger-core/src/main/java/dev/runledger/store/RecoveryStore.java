package dev.runledger.store;

import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Finds runs in flight that nobody may be working on. For {@code Operations}, which changes them by the calls of a ledger, each for the
 * version that was found. Ages are by the clock of the store. Thread-safe; what it throws is a {@link StoreException}.
 */
public interface RecoveryStore {
    /**
     * Returns runs in flight of this kind whose age is this or more, in the order of their ids, without their payloads.
     *
     * @param after the last id of the part before; empty for the first part
     * @param limit how many at most, from 1
     */
    List<Found> find(Kind kind, Duration age, Optional<RunId> after, int limit);

    /** Returns the runs that this process has: RUNNING, with it as their instance. In the order of their ids, without their payloads. */
    List<WorkflowRun> runsOf(String instance, Optional<RunId> after, int limit);

    /**
     * Notes that the deadline of a wait was reported.
     *
     * @param seq the version of the run that began the wait
     * @return whether this call noted it: false if it was noted before, or if the run does not wait any more
     */
    boolean reportOverdue(RunId runId, long seq);

    /** Lists what can be looked for. */
    enum Kind {
        /** QUEUED, or RUNNING without an owner and not handed off. Its age is the time in its state. */
        UNCLAIMED,
        /** RUNNING with an owner. Its age is the time since the start or resumption, or since the last change of its state. */
        RUNNING,
        /** SUSPENDED, with a deadline that has passed and was not reported. Its age is the time since the deadline. */
        OVERDUE,
        /** RUNNING, handed off, and none of its children is in flight. Its age is the time since the hand-off. */
        CHILDREN_ENDED,
        /** In flight, and its parent is CANCELLED. Its age is the time in its state. */
        PARENT_CANCELLED
    }

    /**
     * A run that was found.
     *
     * @param run the run
     * @param age its age, by the clock of the store
     */
    record Found(WorkflowRun run, Duration age) {
        /** Checks that the parts are there. */
        public Found {
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(age, "age");
        }
    }
}
