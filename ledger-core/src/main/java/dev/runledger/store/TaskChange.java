package dev.runledger.store;

import dev.runledger.event.EventFields;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.TaskState;
import java.util.Objects;

/** Asks a store to change one task: one record for each {@link Kind}. */
public sealed interface TaskChange extends StoreCommand<TaskTransition> {
    /** Returns the task. */
    TaskId taskId();

    /** Returns the kind of change. */
    Kind kind();

    /** Returns the same change with another head. */
    TaskChange with(Head head);

    /** Returns the event of this change. */
    default TaskRunEvent event() {
        return kind().event;
    }

    /** Returns what the event says, given the task as this change left it and its run. */
    default EventFields fields(TaskRun after, WorkflowRun run) {
        return ChangeFields.of(this, after, run);
    }

    /** Returns the same change without the error of its failure, as a store keeps it. */
    default TaskChange withoutCause() {
        return this;
    }

    @Override
    default Call call() {
        return kind().call;
    }

    @Override
    default String subject() {
        return taskId().value();
    }

    @Override
    default TaskTransition on(Handler handler) {
        return handler.change(this);
    }

    /** Lists the kinds of changes of a task. */
    enum Kind {
        /** The first attempt starts. */
        START(Call.START_TASK, TaskRunEvent.STARTED, TaskState.RUNNING),
        /** The task is not needed. */
        SKIP(Call.SKIP_TASK, TaskRunEvent.SKIPPED, TaskState.SKIPPED),
        /** The attempt succeeded. */
        SUCCEED(Call.SUCCEED_TASK, TaskRunEvent.SUCCEEDED, TaskState.SUCCEEDED),
        /** The attempt failed. */
        FAIL(Call.FAIL_TASK, TaskRunEvent.FAILED, TaskState.FAILED),
        /** A further attempt starts. */
        RETRY(Call.RETRY_TASK, TaskRunEvent.RETRYING, TaskState.RUNNING);

        private final Call call;
        private final TaskRunEvent event;
        private final TaskState enters;

        Kind(Call call, TaskRunEvent event, TaskState enters) {
            this.call = call;
            this.event = event;
            this.enters = enters;
        }

        /** Returns the event of this kind of change. */
        public TaskRunEvent event() {
            return event;
        }

        /** Returns the state that the task enters. */
        public TaskState enters() {
            return enters;
        }

        /** Returns whether this kind of change makes the task. */
        public boolean isBegin() {
            return this == START || this == SKIP;
        }
    }

    /** A change that makes a task. */
    sealed interface Begin extends TaskChange {
        /** Returns the run of the task. */
        RunId runId();

        /** Returns what is asked for, with its id. */
        NewTask request();

        @Override
        default TaskId taskId() {
            return request().id().orElseThrow();
        }
    }

    /** A change that ends an attempt of a task. */
    sealed interface End extends TaskChange {
        /** Returns the result of the attempt. */
        TaskRun.Result result();
    }

    /**
     * The first attempt of a task starts.
     *
     * @param runId the run of the task
     * @param request what is asked for, with its id
     * @param head what all commands have in common
     */
    record Start(RunId runId, NewTask request, Head head) implements Begin {
        /** Checks that the parts are there. */
        public Start {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(request, "request");
            Objects.requireNonNull(head, "head");
            Objects.requireNonNull(request.id().orElse(null), "request.id");
        }

        @Override
        public Kind kind() {
            return Kind.START;
        }

        @Override
        public Start with(Head head) {
            return new Start(runId, request, head);
        }
    }

    /**
     * A task is not needed.
     *
     * @param runId the run of the task
     * @param request what is asked for, with its id
     * @param reason why it is not needed
     * @param head what all commands have in common
     */
    record Skip(RunId runId, NewTask request, String reason, Head head) implements Begin {
        /** Checks that the parts are there. */
        public Skip {
            Objects.requireNonNull(runId, "runId");
            Objects.requireNonNull(request, "request");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(head, "head");
            Objects.requireNonNull(request.id().orElse(null), "request.id");
        }

        @Override
        public Kind kind() {
            return Kind.SKIP;
        }

        @Override
        public Skip with(Head head) {
            return new Skip(runId, request, reason, head);
        }

        @Override
        public String toString() {
            return "Skip[run %s, %s, reason %s characters]".formatted(runId, request, reason.length());
        }
    }

    /**
     * The attempt succeeded.
     *
     * @param taskId the task
     * @param result the result of the attempt
     * @param head what all commands have in common
     */
    record Succeed(TaskId taskId, TaskRun.Result result, Head head) implements End {
        /** Checks that the parts are there. */
        public Succeed {
            Objects.requireNonNull(taskId, "taskId");
            Objects.requireNonNull(result, "result");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public Kind kind() {
            return Kind.SUCCEED;
        }

        @Override
        public Succeed with(Head head) {
            return new Succeed(taskId, result, head);
        }
    }

    /**
     * The attempt failed.
     *
     * @param taskId the task
     * @param failure how it failed
     * @param result the result of the attempt all the same
     * @param head what all commands have in common
     */
    record Fail(TaskId taskId, Failure failure, TaskRun.Result result, Head head) implements End {
        /** Checks that the parts are there. */
        public Fail {
            Objects.requireNonNull(taskId, "taskId");
            Objects.requireNonNull(failure, "failure");
            Objects.requireNonNull(result, "result");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public Kind kind() {
            return Kind.FAIL;
        }

        @Override
        public Fail with(Head head) {
            return new Fail(taskId, failure, result, head);
        }

        @Override
        public Fail withoutCause() {
            return new Fail(taskId, failure.withoutCause(), result, head);
        }
    }

    /**
     * A further attempt starts.
     *
     * @param taskId the task
     * @param head what all commands have in common
     */
    record Retry(TaskId taskId, Head head) implements TaskChange {
        /** Checks that the parts are there. */
        public Retry {
            Objects.requireNonNull(taskId, "taskId");
            Objects.requireNonNull(head, "head");
        }

        @Override
        public Kind kind() {
            return Kind.RETRY;
        }

        @Override
        public Retry with(Head head) {
            return new Retry(taskId, head);
        }
    }
}
