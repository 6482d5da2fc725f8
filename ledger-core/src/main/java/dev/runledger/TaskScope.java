package dev.runledger;

import dev.runledger.run.ContextCarrier;
import dev.runledger.run.Failure;
import dev.runledger.run.Payload;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskResult;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.TaskState;

/** A task under way: what its body uses to say how it goes. Used by one thread at a time. */
public final class TaskScope {
    /**
     * The body of a task.
     *
     * @param <T> what it answers
     * @param <X> what it throws
     */
    @FunctionalInterface
    public interface Body<T, X extends Exception> {
        /** Does the work. */
        T run(TaskScope task) throws X;
    }

    private final Ledger ledger;
    private final WorkflowRun run;
    private TaskRun task;
    private TaskResult result = TaskResult.nothing();

    TaskScope(Ledger ledger, WorkflowRun run, TaskRun task) {
        this.ledger = ledger;
        this.run = run;
        this.task = task;
    }

    /** The task as this scope last changed it. */
    public TaskRun task() {
        return task;
    }

    /** The task's id. */
    public TaskId taskId() {
        return task.id();
    }

    /** What the attempt gave back so far; told and stored when it ends. */
    public void result(TaskResult result) {
        this.result = result;
    }

    /** What the attempt made; stored when it ends. */
    public void output(Payload output) {
        this.result = new TaskResult(output, result.exitCode(), result.outputBytes(), result.timedOut());
    }

    /** Tells where the task stands; not stored. */
    public void progress(String note, long done, long total) {
        ledger.tasks().progress(taskId(), note, done, total);
    }

    /** The task is done. */
    public TaskTransition succeed() {
        return keep(ledger.tasks().succeed(taskId(), result));
    }

    /** The attempt failed. */
    public TaskTransition fail(Failure failure) {
        return keep(ledger.tasks().fail(taskId(), failure, result));
    }

    /** A further attempt starts; the host has waited as long as it wanted to. */
    public TaskTransition retry() {
        result = TaskResult.nothing();
        return keep(ledger.tasks().retry(taskId()));
    }

    /**
     * Runs one attempt: SUCCEEDED when the body returns, unless it failed the task itself; FAILED when it throws, and what it
     * throws is rethrown, with what the store threw, if it did, as suppressed.
     */
    public <T, X extends Exception> T run(Body<T, X> body) throws X {
        try (ContextCarrier.Restored ignored = ledger.restore(run, task)) {
            T answer;
            try {
                answer = body.run(this);
            } catch (Throwable thrown) {
                try {
                    fail(Failure.of(thrown));
                } catch (RuntimeException | Error notStored) {
                    Ledger.suppress(thrown, notStored);
                }
                throw thrown;
            }
            if (task.state() == TaskState.RUNNING) {
                succeed();
            }
            return answer;
        }
    }

    /**
     * Does what comes before the work of an attempt, such as putting together what an agent is asked. It is told to the context carriers,
     * so that a trace shows it apart; no event tells of it, and what the body throws is thrown.
     */
    public <T, X extends Exception> T prepare(Body<T, X> body) throws X {
        try (ContextCarrier.Restored ignored = ledger.preparing(run, task)) {
            return body.run(this);
        }
    }

    private TaskTransition keep(TaskTransition transition) {
        if (transition instanceof TaskTransition.Applied applied) {
            task = applied.task();
        }
        return transition;
    }
}
