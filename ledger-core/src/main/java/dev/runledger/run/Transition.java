package dev.runledger.run;

import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import java.util.Objects;
import java.util.Optional;

/**
 * The outcome of a call on a run. A value, not an exception: losing a race is ordinary.
 *
 * <p>{@link #orElseThrow()} is for callers who want an exception instead.
 */
public sealed interface Transition extends CallOutcome {
    /** Returns the run as it stands, or empty if there is none. */
    Optional<WorkflowRun> run();

    /** Returns the run as it stands if the call is applied, now or before, or throws a {@link RejectedException}. */
    WorkflowRun orElseThrow();

    /** Returns whether this very call changed the run. */
    default boolean isApplied() {
        return this instanceof Applied;
    }

    /**
     * The call changed the run. The event of a transition is stored with it and emitted after the commit; a claim has no event.
     *
     * @param after the run as this call left it
     * @param child the child of a hand-off as it was queued, else empty
     */
    record Applied(WorkflowRun after, Optional<WorkflowRun> child) implements Transition {
        /** Checks that the parts are there. */
        public Applied {
            Objects.requireNonNull(after, "after");
            Objects.requireNonNull(child, "child");
        }

        /** Makes the outcome of a call that is no hand-off. */
        public Applied(WorkflowRun after) {
            this(after, Optional.empty());
        }

        @Override
        public Optional<WorkflowRun> run() {
            return Optional.of(after);
        }

        @Override
        public Result result() {
            return Result.APPLIED;
        }

        @Override
        public WorkflowRun orElseThrow() {
            return after;
        }
    }

    /**
     * The same call was made before and is applied. Nothing changed and no event was emitted.
     *
     * @param standing the run as it stands now, whatever came after that call
     * @param eventId the id of the event of that call
     */
    record AlreadyApplied(WorkflowRun standing, String eventId) implements Transition {
        /** Checks that the parts are there. */
        public AlreadyApplied {
            Objects.requireNonNull(standing, "standing");
            Objects.requireNonNull(eventId, "eventId");
        }

        @Override
        public Optional<WorkflowRun> run() {
            return Optional.of(standing);
        }

        @Override
        public Result result() {
            return Result.ALREADY;
        }

        @Override
        public WorkflowRun orElseThrow() {
            return standing;
        }
    }

    /**
     * The call does not fit what stands. Nothing changed.
     *
     * @param standing the run as it stands
     * @param command the call that was made
     * @param why what does not fit, in words
     * @param refusedChild the refusal of the child of a hand-off if that is what does not fit, else empty
     */
    record Rejected(WorkflowRun standing, RunCommand command, String why, Optional<Dispatch.Refused> refusedChild)
            implements Transition {
        /** Checks that the parts are there. */
        public Rejected {
            Objects.requireNonNull(standing, "standing");
            Objects.requireNonNull(command, "command");
            Objects.requireNonNull(why, "why");
            Objects.requireNonNull(refusedChild, "refusedChild");
        }

        /** Makes a rejection that no child is responsible for. */
        public Rejected(WorkflowRun standing, RunCommand command, String why) {
            this(standing, command, why, Optional.empty());
        }

        /** Returns the state that stands. */
        public RunState state() {
            return standing.state();
        }

        /** Returns the worker that owns the run. */
        public Optional<String> owner() {
            return standing.owner();
        }

        @Override
        public Optional<WorkflowRun> run() {
            return Optional.of(standing);
        }

        @Override
        public Result result() {
            return Result.REJECTED;
        }

        @Override
        public WorkflowRun orElseThrow() {
            String owner =
                    standing.owner().map(worker -> ", owned by " + worker).orElse("");
            throw new RejectedException(
                    "%s of run %s was rejected: %s (it is %s%s)"
                            .formatted(command.call(), standing.id(), why, standing.state(), owner),
                    this,
                    null);
        }
    }

    /**
     * There is no run with this id.
     *
     * @param id the id of the call
     * @param command the call that was made
     */
    record NotFound(RunId id, RunCommand command) implements Transition {
        /** Checks that the parts are there. */
        public NotFound {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(command, "command");
        }

        @Override
        public Optional<WorkflowRun> run() {
            return Optional.empty();
        }

        @Override
        public Result result() {
            return Result.NOT_FOUND;
        }

        @Override
        public WorkflowRun orElseThrow() {
            throw new RejectedException("%s of run %s: there is no such run".formatted(command.call(), id), this, null);
        }
    }
}
