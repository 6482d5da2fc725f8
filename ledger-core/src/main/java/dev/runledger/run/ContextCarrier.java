package dev.runledger.run;

import java.util.Map;

/**
 * Carries a context, such as the MDC or a trace, from the thread that dispatches a run to the one that executes it, which may
 * be in another process.
 *
 * <p>Called on the host's threads, concurrently. What a carrier throws is counted and never fails a dispatch or an execution.
 */
public interface ContextCarrier {
    /**
     * Takes what the current thread has into a few short strings, which are kept with the run. Names should carry a prefix of
     * the carrier's own, since all carriers share one map. Called at dispatch, and for every event that is told to a queue.
     */
    Map<String, String> capture();

    /**
     * Makes what was captured current on this thread, around the execution of a run and around each of its tasks.
     *
     * @param run the run, with what was captured in its request's {@code context}
     * @return what undoes it exactly; closed on the same thread
     */
    Restored restore(WorkflowRun run);

    /**
     * The same around one attempt of a task, inside the run's or on a thread of the host's own. Default: {@link
     * #restore(WorkflowRun)}.
     *
     * @param task the task as it stands when the attempt begins
     */
    default Restored restore(WorkflowRun run, TaskRun task) {
        return restore(run);
    }

    /** Called around what prepares an attempt, inside it. Default: nothing happens. */
    default Restored preparing(WorkflowRun run, TaskRun task) {
        return () -> {};
    }

    /** Called around a wait for the end of a run, on the thread that waits. Default: nothing happens. */
    default Waiting waiting(RunId runId) {
        return Waiting.UNSEEN;
    }

    /** The MDC: {@code runId}, {@code workflowName}, {@code target} and {@code deliveryId} on every line logged inside a run. */
    static ContextCarrier mdc() {
        return MdcCarrier.INSTANCE;
    }

    /** Undoes what {@link #restore} did. */
    @FunctionalInterface
    interface Restored extends AutoCloseable {
        /** Puts back what was there before, exactly. */
        @Override
        void close();
    }

    /** Follows a wait for the end of a run. */
    interface Waiting extends Restored {
        /** Looks at nothing and undoes nothing. */
        Waiting UNSEEN = new Waiting() {
            @Override
            public void polled(WorkflowRun run) {}

            @Override
            public void close() {}
        };

        /** The run was looked at and stands so. */
        void polled(WorkflowRun run);
    }
}
