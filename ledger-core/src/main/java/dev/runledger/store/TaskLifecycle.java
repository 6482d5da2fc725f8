package dev.runledger.store;

import dev.runledger.event.TaskRunEvent;
import dev.runledger.run.Failure;
import dev.runledger.run.TaskRun;
import dev.runledger.state.TaskState;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The state machine of a task as pure functions. */
final class TaskLifecycle {
    private TaskLifecycle() {}

    /** Whether the call asks for what the same call already made. */
    static boolean isRepeat(TaskRun task, TaskChange change) {
        return switch (change.event()) {
            case STARTED -> task.attempt() > 0;
            case SUCCEEDED, FAILED, SKIPPED -> task.state() == stateAfter(change.event());
            case RETRYING, PROGRESS -> false;
        };
    }

    static boolean fits(@Nullable TaskRun task, TaskChange change) {
        return switch (change.event()) {
            case STARTED, SKIPPED -> task == null;
            case SUCCEEDED, FAILED, RETRYING -> task != null && task.state().mayBecome(stateAfter(change.event()));
            case PROGRESS -> false;
        };
    }

    static TaskRun next(@Nullable TaskRun task, TaskChange change, Instant now) {
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

    private static TaskState stateAfter(TaskRunEvent event) {
        return switch (event) {
            case STARTED, RETRYING, PROGRESS -> TaskState.RUNNING;
            case SUCCEEDED -> TaskState.SUCCEEDED;
            case FAILED -> TaskState.FAILED;
            case SKIPPED -> TaskState.SKIPPED;
        };
    }
}
