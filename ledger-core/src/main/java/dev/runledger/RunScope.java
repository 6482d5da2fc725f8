package dev.runledger;

import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;

/**
 * What a handler is given while it executes a run: the run, whether it was called off, and its tasks.
 *
 * <p>Thread-safe, so that a handler may run its tasks on threads of its own.
 */
public final class RunScope {
    private final Ledger ledger;
    private final WorkflowRun run;

    RunScope(Ledger ledger, WorkflowRun run) {
        this.ledger = ledger;
        this.run = run;
    }

    /** The run as it stood when this worker got it. */
    public WorkflowRun run() {
        return run;
    }

    /** The run's id. */
    public RunId runId() {
        return run.id();
    }

    /** Whether somebody called the run off meanwhile. Reads the store: a handler asks between its steps. */
    public boolean isCancelled() {
        return ledger.history()
                .run(run.id())
                .map(now -> now.state() == RunState.CANCELLED)
                .orElse(false);
    }

    /** Starts a task by this name and runs it; see {@link #task(NewTask, TaskScope.Body)}. */
    public <T, X extends Exception> T task(String name, TaskScope.Body<T, X> body) throws X {
        return task(NewTask.of(name), body);
    }

    /**
     * Starts a task and runs its body: SUCCEEDED when it returns, FAILED when it throws, and what it throws is rethrown.
     *
     * @throws dev.runledger.state.IllegalTransitionException if the task cannot start, because the run has ended for example
     */
    public <T, X extends Exception> T task(NewTask task, TaskScope.Body<T, X> body) throws X {
        return task(task).run(body);
    }

    /**
     * Starts a task that the caller ends itself.
     *
     * @throws dev.runledger.state.IllegalTransitionException if the task cannot start
     */
    public TaskScope task(NewTask task) {
        return new TaskScope(ledger, run, ledger.tasks().start(run.id(), task).orElseThrow());
    }

    /** Tells that a task was not needed. */
    public void skip(NewTask task, String reason) {
        ledger.tasks().skip(run.id(), task, reason);
    }
}
