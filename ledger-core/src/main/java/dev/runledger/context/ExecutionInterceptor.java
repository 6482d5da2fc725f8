package dev.runledger.context;

import dev.runledger.context.ContextCarrier.Scope;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;

/**
 * Surrounds the work of a run on the thread that does it: for spans, thread names, timers.
 *
 * <p>The ledger calls it on the application's threads, concurrently, inside the context that the carriers restored, and closes each
 * scope on the same thread, in reverse order. Whatever an interceptor throws is counted and fails no execution. Each method does
 * nothing by default.
 */
public interface ExecutionInterceptor {
    /** Called around the handler of a run. */
    default Scope aroundRun(WorkflowRun run) {
        return Scope.NOOP;
    }

    /**
     * Called around one attempt of a task, inside the run or on another thread of the application.
     *
     * @param task the task as it stands when the attempt begins
     */
    default Scope aroundTask(WorkflowRun run, TaskRun task) {
        return Scope.NOOP;
    }

    /** Called around what prepares an attempt, inside the attempt. */
    default Scope aroundPreparation(WorkflowRun run, TaskRun task) {
        return Scope.NOOP;
    }

    /** Called around a wait for the end of a run, on the thread that waits. */
    default AwaitScope aroundAwait(RunId runId) {
        return AwaitScope.NOOP;
    }

    /** Follows a wait for the end of a run. */
    interface AwaitScope extends Scope {
        /** Follows nothing and undoes nothing. */
        AwaitScope NOOP = new AwaitScope() {
            @Override
            public void polled(RunState state) {}

            @Override
            public void close() {}
        };

        /** Called each time the state of the run was read. */
        void polled(RunState state);
    }
}
