package dev.runledger;

import dev.runledger.context.ContextCarrier;
import dev.runledger.failure.Failure;
import dev.runledger.run.Payload;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.TaskState;

/** A task under way: its body reports through it. Used by one thread at a time. */
public final class TaskScope {
    private final LedgerCalls calls;
    private final CallOptions options;
    private final WorkflowRun run;
    private TaskRun task;
    private TaskRun.Result result = TaskRun.Result.nothing();

    TaskScope(LedgerCalls calls, CallOptions options, WorkflowRun run, TaskRun task) {
        this.calls = calls;
        this.options = options;
        this.run = run;
        this.task = task;
    }

    /** Returns the task as this scope last changed it. */
    public TaskRun task() {
        return task;
    }

    /** Returns the id of the task. */
    public TaskId taskId() {
        return task.id();
    }

    /** Sets the result of the attempt so far. It is stored and emitted when the attempt ends. */
    public void result(TaskRun.Result result) {
        this.result = result;
    }

    /** Sets the output of the attempt. It is stored when the attempt ends. */
    public void output(Payload output) {
        this.result = result.output(output);
    }

    /** Emits how far the task is. Nothing is stored. */
    public void progress(String note, long done, long total) {
        tasks().progress(taskId(), note, done, total);
    }

    /** Ends the task as SUCCEEDED. */
    public TaskTransition succeed() {
        return keep(tasks().succeed(taskId(), result, options));
    }

    /** Ends the attempt as FAILED. */
    public TaskTransition fail(Failure failure) {
        return keep(tasks().fail(taskId(), failure, result, options));
    }

    /** Starts a further attempt. The application has waited as long as it wants to. */
    public TaskTransition retry() {
        result = TaskRun.Result.nothing();
        return keep(tasks().retry(taskId(), options));
    }

    /**
     * Runs one attempt. It has SUCCEEDED when the body returns, unless the body failed the task itself. It has FAILED when the body
     * throws: what the body throws is rethrown, with what the store threw, if it did, as suppressed.
     */
    public <T, X extends Exception> T run(Body<T, X> body) throws X {
        try (ContextCarrier.Scope ignored = calls.events().surroundings().aroundTask(run, task)) {
            T answer;
            try {
                answer = body.run(this);
            } catch (Throwable thrown) {
                try {
                    TaskTransition unused = fail(Failure.of(thrown));
                } catch (RuntimeException | Error notStored) {
                    Suppressed.add(thrown, notStored);
                }
                throw thrown;
            }
            if (task.state() == TaskState.RUNNING) {
                TaskTransition unused = succeed();
            }
            return answer;
        }
    }

    /**
     * Runs what comes before the work of an attempt, such as putting together what an agent is asked. Interceptors are called around it,
     * so that a trace shows it apart. It emits no event, and what the body throws is thrown.
     */
    public <T, X extends Exception> T prepare(Body<T, X> body) throws X {
        try (ContextCarrier.Scope ignored = calls.events().surroundings().aroundPreparation(run, task)) {
            return body.run(this);
        }
    }

    private Tasks tasks() {
        return new Tasks(calls);
    }

    private TaskTransition keep(TaskTransition transition) {
        if (transition instanceof TaskTransition.Applied applied) {
            task = applied.after();
        }
        return transition;
    }

    /**
     * The body of a task.
     *
     * @param <T> what it returns
     * @param <X> what it throws
     */
    @FunctionalInterface
    public interface Body<T, X extends Exception> {
        /** Does the work. */
        T run(TaskScope task) throws X;
    }
}
