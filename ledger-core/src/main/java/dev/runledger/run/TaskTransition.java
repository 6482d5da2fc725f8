package dev.runledger.run;

import dev.runledger.state.IllegalTransitionException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a call on a task came to. A value, not an exception. */
public sealed interface TaskTransition {
    /** The task as it stands after an applied or already applied call, or an {@link IllegalTransitionException} otherwise. */
    TaskRun orElseThrow();

    /** Whether this very call changed the task. */
    default boolean isApplied() {
        return this instanceof Applied;
    }

    /**
     * The call changed the task, and its event was told.
     *
     * @param task the task as this call left it
     * @param run the run that it belongs to
     */
    record Applied(TaskRun task, WorkflowRun run) implements TaskTransition {
        /** Checks the parts. */
        public Applied {
            Objects.requireNonNull(task, "task");
            Objects.requireNonNull(run, "run");
        }

        @Override
        public TaskRun orElseThrow() {
            return task;
        }
    }

    /**
     * The call was made before and is applied; nothing changed and nothing was told.
     *
     * @param task the task as it stands
     * @param eventId the id of the event that the call told when it was applied
     */
    record AlreadyApplied(TaskRun task, String eventId) implements TaskTransition {
        /** Checks the parts. */
        public AlreadyApplied {
            Objects.requireNonNull(task, "task");
            Objects.requireNonNull(eventId, "eventId");
        }

        @Override
        public TaskRun orElseThrow() {
            return task;
        }
    }

    /**
     * The call does not fit what stands, or the run has ended; nothing changed.
     *
     * @param why what does not fit, in words
     * @param standing the task as it stands, or null where there is none yet
     */
    record Rejected(String why, @Nullable TaskRun standing) implements TaskTransition {
        /** Checks the parts. */
        public Rejected {
            Objects.requireNonNull(why, "why");
        }

        /** The task as it stands, or empty where there is none yet. */
        public Optional<TaskRun> task() {
            return Optional.ofNullable(standing);
        }

        @Override
        public TaskRun orElseThrow() {
            throw new IllegalTransitionException(why);
        }
    }

    /**
     * There is no such task, or no such run to start it in.
     *
     * @param what what is missing, in words
     */
    record NotFound(String what) implements TaskTransition {
        /** Checks the parts. */
        public NotFound {
            Objects.requireNonNull(what, "what");
        }

        @Override
        public TaskRun orElseThrow() {
            throw new IllegalTransitionException(what);
        }
    }
}
