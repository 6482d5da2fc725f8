package dev.runledger;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.TaskChange;
import java.util.Objects;
import java.util.Optional;

/**
 * Changes tasks, the steps of a run. Thread-safe. Each call returns a value, and throws only if a value does not fit or the store
 * could not store it.
 */
@CheckReturnValue
public final class Tasks {
    private final LedgerCalls calls;

    Tasks(LedgerCalls calls) {
        this.calls = calls;
    }

    /**
     * Starts the first attempt of a task. Rejected if the run has ended.
     *
     * @throws IllegalArgumentException if the task has the id of the run, since their events would have the same ids; or if one of its
     *     names shows a secret
     */
    public TaskTransition start(RunId runId, NewTask task) {
        return start(runId, task, CallOptions.none());
    }

    /** Starts the first attempt of a task with options; see {@link #start(RunId, NewTask)}. */
    public TaskTransition start(RunId runId, NewTask task, CallOptions options) {
        return calls.perform(new TaskChange.Start(runId, identified(task), CallOptions.headOf(options)));
    }

    /**
     * Records that a task is not needed and does not run.
     *
     * @throws IllegalArgumentException if the task has the id of the run, or if one of its names shows a secret
     */
    public TaskTransition skip(RunId runId, NewTask task, String reason) {
        return skip(runId, task, reason, CallOptions.none());
    }

    /** Records that a task is not needed, with options; see {@link #skip(RunId, NewTask, String)}. */
    public TaskTransition skip(RunId runId, NewTask task, String reason, CallOptions options) {
        return calls.perform(new TaskChange.Skip(runId, identified(task), reason, CallOptions.headOf(options)));
    }

    /** Ends the attempt as SUCCEEDED. */
    public TaskTransition succeed(TaskId taskId) {
        return succeed(taskId, TaskRun.Result.nothing());
    }

    /** Ends the attempt as SUCCEEDED, with its result. */
    public TaskTransition succeed(TaskId taskId, TaskRun.Result result) {
        return succeed(taskId, result, CallOptions.none());
    }

    /** Ends the attempt as SUCCEEDED, with its result and options. */
    public TaskTransition succeed(TaskId taskId, TaskRun.Result result, CallOptions options) {
        return calls.perform(new TaskChange.Succeed(taskId, result, CallOptions.headOf(options)));
    }

    /** Ends the attempt as FAILED. Another attempt may follow. */
    public TaskTransition fail(TaskId taskId, Failure failure) {
        return fail(taskId, failure, TaskRun.Result.nothing());
    }

    /** Ends the attempt as FAILED, with its result all the same. */
    public TaskTransition fail(TaskId taskId, Failure failure, TaskRun.Result result) {
        return fail(taskId, failure, result, CallOptions.none());
    }

    /** Ends the attempt as FAILED, with its result and options. */
    public TaskTransition fail(TaskId taskId, Failure failure, TaskRun.Result result, CallOptions options) {
        return calls.perform(new TaskChange.Fail(taskId, failure, result, CallOptions.headOf(options)));
    }

    /** Starts a further attempt. The event says whether the task's policy expected it; the call sleeps nowhere and runs nothing. */
    public TaskTransition retry(TaskId taskId) {
        return retry(taskId, CallOptions.none());
    }

    /** Starts a further attempt with options; see {@link #retry(TaskId)}. */
    public TaskTransition retry(TaskId taskId, CallOptions options) {
        return calls.perform(new TaskChange.Retry(taskId, CallOptions.headOf(options)));
    }

    /** Emits how far a task is. Nothing is stored; if no sink wants the event, nothing is read either. */
    public void progress(TaskId taskId, String note, long done, long total) {
        Objects.requireNonNull(taskId, "taskId");
        Objects.requireNonNull(note, "note");
        if (!calls.events().isWanted(TaskRunEvent.PROGRESS)) {
            return;
        }
        Optional<TaskRun> found = calls.store().history().task(taskId);
        Optional<WorkflowRun> run =
                found.flatMap(task -> calls.store().history().run(task.runId()));
        if (run.isPresent()) {
            calls.events()
                    .emitNow(
                            TaskRunEvent.PROGRESS,
                            () -> EventFields.of(run.get())
                                    .taskId(taskId)
                                    .put(
                                            EventField.TASK_NAME,
                                            found.get().request().name())
                                    .put(EventField.NOTE, note)
                                    .put(EventField.DONE, done)
                                    .put(EventField.TOTAL, total),
                            run.get());
        }
    }

    private NewTask identified(NewTask task) {
        Objects.requireNonNull(task, "task");
        return task.id().isPresent() ? task : task.id(TaskId.of(calls.events().newId()));
    }
}
