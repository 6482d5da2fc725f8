package dev.runledger.run;

import java.util.Objects;
import java.util.Optional;

/** The outcome of a call on a task. A value, not an exception. */
public sealed interface TaskTransition extends CallOutcome {
    /** Returns the task as it stands, or empty if there is none. */
    Optional<TaskRun> task();

    /** Returns the task as it stands if the call is applied, now or before, or throws a {@link RejectedException}. */
    TaskRun orElseThrow();

    /** Returns whether this very call changed the task. */
    default boolean isApplied() {
        return this instanceof Applied;
    }

    /**
     * The call changed the task. Its event is stored with it and emitted after the commit.
     *
     * @param after the task as this call left it
     * @param run the run of the task
     */
    record Applied(TaskRun after, WorkflowRun run) implements TaskTransition {
        /** Checks that the parts are there. */
        public Applied {
            Objects.requireNonNull(after, "after");
            Objects.requireNonNull(run, "run");
        }

        @Override
        public Optional<TaskRun> task() {
            return Optional.of(after);
        }

        @Override
        public Result result() {
            return Result.APPLIED;
        }

        @Override
        public TaskRun orElseThrow() {
            return after;
        }
    }

    /**
     * The same call was made before and is applied. Nothing changed and no event was emitted.
     *
     * @param standing the task as it stands
     * @param eventId the id of the event of that call
     */
    record AlreadyApplied(TaskRun standing, String eventId) implements TaskTransition {
        /** Checks that the parts are there. */
        public AlreadyApplied {
            Objects.requireNonNull(standing, "standing");
            Objects.requireNonNull(eventId, "eventId");
        }

        @Override
        public Optional<TaskRun> task() {
            return Optional.of(standing);
        }

        @Override
        public Result result() {
            return Result.ALREADY;
        }

        @Override
        public TaskRun orElseThrow() {
            return standing;
        }
    }

    /**
     * The call does not fit what stands, or the run has ended. Nothing changed.
     *
     * @param why what does not fit, in words
     * @param task the task as it stands, or empty if there is none yet
     */
    record Rejected(String why, Optional<TaskRun> task) implements TaskTransition {
        /** Checks that the parts are there. */
        public Rejected {
            Objects.requireNonNull(why, "why");
            Objects.requireNonNull(task, "task");
        }

        @Override
        public Result result() {
            return Result.REJECTED;
        }

        @Override
        public TaskRun orElseThrow() {
            throw new RejectedException(why, this, null);
        }
    }

    /**
     * There is no such task, or no run to start it in.
     *
     * @param what what is missing, in words
     */
    record NotFound(String what) implements TaskTransition {
        /** Checks that the text is there. */
        public NotFound {
            Objects.requireNonNull(what, "what");
        }

        @Override
        public Optional<TaskRun> task() {
            return Optional.empty();
        }

        @Override
        public Result result() {
            return Result.NOT_FOUND;
        }

        @Override
        public TaskRun orElseThrow() {
            throw new RejectedException(what, this, null);
        }
    }
}
