package dev.runledger.store;

import dev.runledger.event.TaskRunEvent;
import dev.runledger.run.Failure;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.state.TaskState;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The state machine of a task as pure functions, made for stores. */
public final class TaskLifecycle {
    private TaskLifecycle() {}

    /** Whether the call asks for what the same call already made. */
    public static boolean isRepeat(TaskRun task, TaskChange change) {
        return switch (change.event()) {
            case STARTED -> task.attempt() > 0;
            case SUCCEEDED, FAILED, SKIPPED -> task.state() == stateAfter(change.event());
            case RETRYING, PROGRESS -> false;
        };
    }

    /** Why the change does not fit the task, or null where it does. A repeat is looked for first. */
    public static @Nullable String refusal(@Nullable TaskRun task, TaskChange change, WorkflowRun run) {
        if (run.state().isTerminal()) {
            return "task %s: its run %s is %s".formatted(change.taskId(), run.id(), run.state());
        }
        if (task != null && !task.runId().equals(run.id())) {
            return "task %s belongs to another run".formatted(change.taskId());
        }
        if (!fits(task, change)) {
            return "task %s is %s: %s does not fit"
                    .formatted(
                            change.taskId(),
                            task == null ? "not there" : task.state(),
                            change.event().eventName());
        }
        return null;
    }

    /** The task as it reads: one left RUNNING by a run that has ended is ABANDONED. */
    public static TaskRun asItReads(TaskRun task, RunState run) {
        boolean abandoned = task.state() == TaskState.RUNNING && run.isTerminal();
        return abandoned ? task.state(TaskState.ABANDONED) : task;
    }

    private static boolean fits(@Nullable TaskRun task, TaskChange change) {
        return switch (change.event()) {
            case STARTED, SKIPPED -> task == null;
            case SUCCEEDED, FAILED, RETRYING -> task != null && task.state().mayBecome(stateAfter(change.event()));
            case PROGRESS -> false;
        };
    }

    /** The task after a change that fits. */
    public static TaskRun next(@Nullable TaskRun task, TaskChange change, Instant now) {
        TaskState state = stateAfter(change.event());
        if (task == null) {
            int attempt = change.event() == TaskRunEvent.STARTED ? 1 : 0;
            return new TaskRun(
                    Objects.requireNonNull(change.request()),
                    Objects.requireNonNull(change.runId()),
                    state,
                    1,
                    attempt,
                    now,
                    now,
                    now,
                    null,
                    null,
                    change.reason());
        }
        boolean retrying = change.event() == TaskRunEvent.RETRYING;
        Failure failure = change.failure();
        return new TaskRun(
                task.request(),
                task.runId(),
                state,
                task.seq() + 1,
                retrying ? task.attempt() + 1 : task.attempt(),
                task.startedAt(),
                retrying ? now : task.attemptedAt(),
                now,
                change.result(),
                failure == null ? null : failure.withoutError(),
                task.reason());
    }

    /** The state that a task enters with this event. */
    public static TaskState stateAfter(TaskRunEvent event) {
        return switch (event) {
            case STARTED, RETRYING, PROGRESS -> TaskState.RUNNING;
            case SUCCEEDED -> TaskState.SUCCEEDED;
            case FAILED -> TaskState.FAILED;
            case SKIPPED -> TaskState.SKIPPED;
        };
    }
}
