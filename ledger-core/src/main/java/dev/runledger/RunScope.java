package dev.runledger;

import dev.runledger.run.NewTask;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Target;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.state.TaskState;
import dev.runledger.store.StoreException;
import java.util.Optional;

/**
 * What a handler uses while it executes a run: the run, whether it was cancelled, and its tasks.
 *
 * <p>Thread-safe, so that a handler may run its tasks on its own threads.
 */
public final class RunScope {
    private final LedgerCalls calls;
    private final CallOptions options;
    private final WorkflowRun run;

    RunScope(LedgerCalls calls, CallOptions options, WorkflowRun run) {
        this.calls = calls;
        this.options = options;
        this.run = run;
    }

    /** Returns the run as it stood when this worker took it. */
    public WorkflowRun run() {
        return run;
    }

    /** Returns the id of the run. */
    public RunId runId() {
        return run.id();
    }

    /** Returns the target of the run. */
    public Optional<Target> target() {
        return run.target();
    }

    /** Returns what was given to {@link dev.runledger.run.NewRun#input} at dispatch, read from the store; empty if nothing was. */
    public Optional<String> input() {
        return calls.history().input(run.id());
    }

    /** Returns whether the run was cancelled meanwhile. Reads the state from the store: a handler asks between its steps. */
    public boolean isCancelled() {
        return calls.store().history().state(run.id()).orElse(run.state()) == RunState.CANCELLED;
    }

    /** Starts a task by this name and runs it; see {@link #task(NewTask, TaskScope.Body)}. */
    public <T, X extends Exception> T task(String name, TaskScope.Body<T, X> body) throws X {
        return task(NewTask.of(name), body);
    }

    /**
     * Starts a task and runs its body: SUCCEEDED when the body returns, FAILED when it throws. What it throws is rethrown.
     *
     * @throws dev.runledger.run.CallOutcome.RejectedException if the task cannot start, because the run has ended for example
     */
    public <T, X extends Exception> T task(NewTask task, TaskScope.Body<T, X> body) throws X {
        return task(task).run(body);
    }

    /**
     * Starts a task that the caller ends itself.
     *
     * @throws dev.runledger.run.CallOutcome.RejectedException if the task cannot start
     */
    public TaskScope task(NewTask task) {
        TaskRun started = new Tasks(calls).start(run.id(), task, options).orElseThrow();
        return new TaskScope(calls, options, run, started);
    }

    /**
     * Starts a task and runs its body until it returns, the policy expects no further attempt, or the run is cancelled. Between the attempts
     * it sleeps on this thread for as long as the policy says. Each attempt emits its events.
     *
     * @param policy when a failed attempt is tried again; it becomes the task's policy
     * @throws X what the last attempt threw
     * @throws InterruptedException if this thread was interrupted while it slept; the task stays FAILED
     * @throws dev.runledger.run.CallOutcome.RejectedException if an attempt cannot start, because the run has ended for example
     */
    public <T, X extends Exception> T retry(NewTask task, RetryPolicy policy, TaskScope.Body<T, X> body)
            throws X, InterruptedException {
        TaskScope scope = task(task.retry(policy));
        while (true) {
            try {
                return scope.run(body);
            } catch (Exception thrown) { // of type X, or unchecked
                this.<X>pauseOrThrow(scope, thrown);
            }
            TaskRun unused = scope.retry().orElseThrow();
        }
    }

    private <X extends Throwable> void pauseOrThrow(TaskScope scope, Throwable thrown) throws X, InterruptedException {
        RetryPolicy.Retry next =
                scope.task().request().retry().after(scope.task().attempt());
        if (!next.expected() || scope.task().state() != TaskState.FAILED || isCancelled()) {
            Suppressed.<X>rethrow(thrown);
        }
        Thread.sleep(next.delay().toMillis());
    }

    /** Records that a task is not needed. */
    public void skip(NewTask task, String reason) {
        TaskTransition unused = new Tasks(calls).skip(run.id(), task, reason, options);
    }

    /**
     * What came of an execution: exactly what happened, with nothing thrown.
     *
     * @param transition the outcome of storing the end, or that of the start or claim if it was not applied; empty if the store failed
     * @param thrown what the handler threw, or why its outcome did not fit; empty if it returned one
     * @param notStored why the store failed: before the handler ran, or when the end was to be stored; empty if it did not
     */
    public record Result(
            Optional<Transition> transition, Optional<Throwable> thrown, Optional<StoreException> notStored) {
        /** Returns the run as it stands, or empty if there is none or it is not known. */
        public Optional<WorkflowRun> run() {
            return transition.flatMap(Transition::run);
        }
    }

    /**
     * Does the work of a run.
     *
     * @param <X> what it throws
     */
    @FunctionalInterface
    public interface Handler<X extends Exception> {
        /** Does the work and returns its outcome. */
        RunOutcome handle(RunScope scope) throws X;
    }
}
