package dev.runledger.store;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.run.Failure;
import dev.runledger.run.NewTask;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskKind;
import dev.runledger.run.TaskResult;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a store is asked to do to one task: the event that it tells, and what the call brought. Immutable; redacted already.
 *
 * @param taskId the task
 * @param event what the change tells; never {@code PROGRESS}, which changes nothing
 * @param runId the run that a started or skipped task belongs to, else null
 * @param transitionId the caller's id for this very call, unique in its task, or null where the caller gave none
 * @param request what was asked for, with its id, where the task is started or skipped
 * @param result what the attempt gave back where it is over, else null
 * @param failure how the attempt failed where it did
 * @param reason why the task is skipped where it is
 * @param extra fields of the host's own, or null
 */
public record TaskChange(
        TaskId taskId,
        TaskRunEvent event,
        @Nullable RunId runId,
        @Nullable String transitionId,
        @Nullable NewTask request,
        @Nullable TaskResult result,
        @Nullable Failure failure,
        @Nullable String reason,
        @Nullable EventFields extra) {
    /** Checks that the change has what its event needs. */
    public TaskChange {
        Objects.requireNonNull(taskId, "taskId");
        switch (event) {
            case STARTED -> {
                Objects.requireNonNull(runId, "runId");
                Objects.requireNonNull(request, "request");
            }
            case SKIPPED -> {
                Objects.requireNonNull(runId, "runId");
                Objects.requireNonNull(request, "request");
                Objects.requireNonNull(reason, "reason");
            }
            case SUCCEEDED -> Objects.requireNonNull(result, "result");
            case FAILED -> Objects.requireNonNull(failure, "failure");
            case RETRYING -> {}
            case PROGRESS -> throw new IllegalArgumentException("PROGRESS is no change to a task");
        }
    }

    /** The first attempt of a task, which has its id, starts. */
    public static TaskChange start(RunId runId, NewTask request) {
        return new TaskChange(idOf(request), TaskRunEvent.STARTED, runId, null, request, null, null, null, null);
    }

    /** A task, which has its id, is not needed. */
    public static TaskChange skip(RunId runId, NewTask request, String reason) {
        return new TaskChange(idOf(request), TaskRunEvent.SKIPPED, runId, null, request, null, null, reason, null);
    }

    /** The attempt succeeded. */
    public static TaskChange succeed(TaskId taskId, TaskResult result) {
        return new TaskChange(taskId, TaskRunEvent.SUCCEEDED, null, null, null, result, null, null, null);
    }

    /** The attempt failed. */
    public static TaskChange fail(TaskId taskId, Failure failure, TaskResult result) {
        return new TaskChange(taskId, TaskRunEvent.FAILED, null, null, null, result, failure, null, null);
    }

    /** A further attempt starts. */
    public static TaskChange retry(TaskId taskId) {
        return new TaskChange(taskId, TaskRunEvent.RETRYING, null, null, null, null, null, null, null);
    }

    /** The same change as this very call, with fields of the host's own on its event. */
    public TaskChange called(@Nullable String transitionId, @Nullable EventFields extra) {
        return new TaskChange(taskId, event, runId, transitionId, request, result, failure, reason, extra);
    }

    /** The same change without the live error, as a store keeps it. */
    public TaskChange withoutError() {
        Failure kept = failure == null ? null : failure.withoutError();
        return new TaskChange(taskId, event, runId, transitionId, request, result, kept, reason, extra);
    }

    /** What the event says, given the task as this change left it and its run. */
    public EventFields fields(TaskRun task, WorkflowRun run) {
        EventFields fields = RunFields.of(run);
        task(fields, task);
        switch (event) {
            case STARTED -> tool(fields, task.request());
            case SUCCEEDED -> ended(fields, task);
            case FAILED -> {
                ended(fields, task);
                fields.failure(Objects.requireNonNull(failure));
                fields.put(EventField.RETRY_EXPECTED, next(task, task.attempt()).expected());
            }
            case RETRYING -> {
                RetryPolicy.Retry retry = next(task, task.attempt() - 1);
                tool(fields, task.request());
                fields.put(EventField.RETRY_EXPECTED, retry.expected());
                fields.put(EventField.NEXT_ATTEMPT, retry.nextAttempt());
                fields.put(EventField.DELAY_MS, retry.delay());
            }
            case SKIPPED -> fields.reason(Objects.requireNonNull(reason));
            case PROGRESS -> throw new IllegalStateException("no change: PROGRESS");
        }
        return extra == null ? fields : fields.putAll(extra);
    }

    private static void task(EventFields fields, TaskRun task) {
        NewTask request = task.request();
        fields.taskId(task.id()).put(EventField.TASK_SEQ, task.seq());
        fields.put(EventField.TASK_NAME, request.name());
        fields.put(EventField.VERB, request.verb());
        fields.put(EventField.TASK_KIND, request.kind().code());
        if (task.attempt() > 0) {
            fields.put(EventField.ATTEMPT, task.attempt());
        }
        if (request.kind() == TaskKind.TOOL || request.kind() == TaskKind.ADAPTER) {
            fields.put(EventField.INSTRUMENT, request.instrument());
        }
    }

    private static void tool(EventFields fields, NewTask request) {
        fields.put(EventField.TIMEOUT_MS, request.timeout());
        if (!request.permissions().isEmpty()) {
            fields.put(EventField.PERMISSIONS, String.join(",", new TreeSet<>(request.permissions())));
        }
    }

    private void ended(EventFields fields, TaskRun task) {
        tool(fields, task.request());
        fields.duration(task.elapsed());
        if (result != null && result.exitCode() != null) {
            fields.put(EventField.EXIT_CODE, result.exitCode());
        }
        if (result != null && result.outputBytes() != null) {
            fields.put(EventField.OUTPUT_BYTES, result.outputBytes());
        }
        if (result != null && result.timedOut()) {
            fields.put(EventField.TIMED_OUT, true);
        }
    }

    private static RetryPolicy.Retry next(TaskRun task, int attempt) {
        return task.request().retry().after(attempt);
    }

    private static TaskId idOf(NewTask request) {
        return Objects.requireNonNull(request.id(), "request.id");
    }
}
