package dev.runledger;

import dev.runledger.event.EventContract;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.run.Failure;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskResult;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RunFields;
import dev.runledger.store.TaskChange;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls on tasks, the steps of a run. Thread-safe; every call answers a value, and throws only where the store could not
 * store.
 */
public final class Tasks {
    private final LedgerParts parts;
    private final @Nullable String transitionId;
    private final @Nullable EventFields extra;

    Tasks(LedgerParts parts, @Nullable String transitionId, @Nullable EventFields extra) {
        this.parts = parts;
        this.transitionId = transitionId;
        this.extra = extra;
    }

    /**
     * The first attempt of a task starts. Rejected where the run has ended.
     *
     * @throws IllegalArgumentException if the task has the run's id: their events would have the same ids; or if a name of it shows a
     *     secret
     */
    public TaskTransition start(RunId runId, NewTask task) {
        NewTask request = prepared(runId, task);
        return apply("startTask", TaskChange.start(runId, request));
    }

    /**
     * A task is not needed and does not run.
     *
     * @throws IllegalArgumentException if the task has the run's id: their events would have the same ids; or if a name of it shows a
     *     secret
     */
    public TaskTransition skip(RunId runId, NewTask task, String reason) {
        NewTask request = prepared(runId, task);
        return apply("skipTask", TaskChange.skip(runId, request, contract().reason(reason)));
    }

    /** The attempt succeeded. */
    public TaskTransition succeed(TaskId taskId) {
        return succeed(taskId, TaskResult.nothing());
    }

    /** The attempt succeeded and gave this back. */
    public TaskTransition succeed(TaskId taskId, TaskResult result) {
        return apply("succeedTask", TaskChange.succeed(taskId, prepared(result)));
    }

    /** The attempt failed. */
    public TaskTransition fail(TaskId taskId, Failure failure) {
        return fail(taskId, failure, TaskResult.nothing());
    }

    /** The attempt failed and gave this back all the same. */
    public TaskTransition fail(TaskId taskId, Failure failure, TaskResult result) {
        return apply("failTask", TaskChange.fail(taskId, contract().failure(failure), prepared(result)));
    }

    /** A further attempt starts. Whether the task's policy expected it is told; nothing is slept or re-run. */
    public TaskTransition retry(TaskId taskId) {
        return apply("retryTask", TaskChange.retry(taskId));
    }

    /** Tells where a task stands. Nothing is stored; where no sink wants it, nothing is read either. */
    public void progress(TaskId taskId, String note, long done, long total) {
        if (!parts.events().isWanted(TaskRunEvent.PROGRESS)) {
            return;
        }
        Optional<TaskRun> task = parts.store().history().task(taskId);
        Optional<WorkflowRun> run =
                task.flatMap(known -> parts.store().history().run(known.runId()));
        if (task.isPresent() && run.isPresent()) {
            EventFields fields = RunFields.of(run.get())
                    .taskId(taskId)
                    .put(EventField.TASK_NAME, task.get().request().name())
                    .put(EventField.NOTE, note)
                    .put(EventField.DONE, done)
                    .put(EventField.TOTAL, total);
            parts.events()
                    .tell(
                            TaskRunEvent.PROGRESS,
                            parts.newId(),
                            parts.events().clock().instant(),
                            () -> fields,
                            run.get());
        }
    }

    private TaskTransition apply(String call, TaskChange change) {
        TaskChange called = change.called(transitionId, extra);
        TaskTransition transition =
                parts.calls().counted(call, () -> parts.store().apply(called));
        parts.calls().count(call, transition);
        if (transition instanceof TaskTransition.Applied applied) {
            new Teller(parts, extra).told(called, applied);
        }
        return transition;
    }

    private NewTask prepared(RunId runId, NewTask task) {
        NewTask withId = task.id() != null ? task : task.id(TaskId.of(parts.newId()));
        if (Objects.requireNonNull(withId.id()).value().equals(runId.value())) {
            throw new IllegalArgumentException("taskId is '%s', expected another than the run's".formatted(runId));
        }
        return Preparation.withoutContext(contract(), parts.payloads()).of(withId);
    }

    private TaskResult prepared(TaskResult result) {
        return result.output() == null
                ? result
                : new TaskResult(
                        parts.payloads().keep(result.output()),
                        result.exitCode(),
                        result.outputBytes(),
                        result.timedOut());
    }

    private EventContract contract() {
        return parts.events().contract();
    }
}
