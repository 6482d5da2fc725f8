package dev.runledger.run;

import dev.runledger.state.IllegalTransitionException;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a call on a run came to. A value, not an exception: losing a race is ordinary.
 *
 * <p>{@link #orElseThrow()} is there for callers who want an exception instead.
 */
public sealed interface Transition {
    /** The run as it stands after an applied or already applied call, or an {@link IllegalTransitionException} otherwise. */
    WorkflowRun orElseThrow();

    /** Whether this very call changed the run. */
    default boolean isApplied() {
        return this instanceof Applied;
    }

    /**
     * The call changed the run, and its event was told.
     *
     * @param run the run as this call left it
     * @param eventId the id of the event
     * @param newChild the child of a hand-off as it was queued, else null
     */
    record Applied(
            WorkflowRun run, String eventId, @Nullable WorkflowRun newChild) implements Transition {
        /** Checks the parts. */
        public Applied {
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(eventId, "eventId");
        }

        /** The child of a hand-off. */
        public Optional<WorkflowRun> child() {
            return Optional.ofNullable(newChild);
        }

        @Override
        public WorkflowRun orElseThrow() {
            return run;
        }
    }

    /**
     * The call was made before and is applied; nothing changed and nothing was told.
     *
     * @param run the run as it stands now, whatever came after
     * @param eventId the id of the event that the call told when it was applied
     */
    record AlreadyApplied(WorkflowRun run, String eventId) implements Transition {
        /** Checks the parts. */
        public AlreadyApplied {
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(eventId, "eventId");
        }

        @Override
        public WorkflowRun orElseThrow() {
            return run;
        }
    }

    /**
     * The call does not fit what stands; nothing changed.
     *
     * @param run the run as it stands
     * @param command the call that was made
     * @param why what does not fit, in words
     * @param refusedChild why the child of a hand-off was refused where that is what does not fit, else null
     */
    record Rejected(WorkflowRun run, RunCommand command, String why, Dispatch.@Nullable Refused refusedChild)
            implements Transition {
        /** Checks the parts. */
        public Rejected {
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(command, "command");
            Objects.requireNonNull(why, "why");
        }

        /** A call that does not fit, and that no child has to do with. */
        public Rejected(WorkflowRun run, RunCommand command, String why) {
            this(run, command, why, null);
        }

        /** The state that stands. */
        public RunState state() {
            return run.state();
        }

        /** The worker that has the run, or empty. */
        public Optional<String> owner() {
            return Optional.ofNullable(run.owner());
        }

        @Override
        public WorkflowRun orElseThrow() {
            String owner = run.owner() == null ? "" : ", owned by " + run.owner();
            throw new IllegalTransitionException("%s of run %s was rejected: %s (it is %s%s)"
                    .formatted(command.call(), run.id(), why, run.state(), owner));
        }
    }

    /**
     * There is no run with this id.
     *
     * @param id the id that was asked for
     * @param command the call that was made
     */
    record NotFound(RunId id, RunCommand command) implements Transition {
        /** Checks the parts. */
        public NotFound {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(command, "command");
        }

        @Override
        public WorkflowRun orElseThrow() {
            throw new IllegalTransitionException("%s of run %s: there is no such run".formatted(command.call(), id));
        }
    }
}
