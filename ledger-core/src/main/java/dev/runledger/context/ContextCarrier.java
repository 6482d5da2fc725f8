package dev.runledger.context;

import dev.runledger.run.WorkflowRun;
import java.util.Map;

/**
 * Carries a context, such as the MDC or a trace, from the thread that dispatches a run to the thread that executes it, which may be
 * in another process.
 *
 * <p>The ledger calls it on the application's threads, concurrently. Whatever a carrier throws is counted and fails no dispatch and no
 * execution.
 */
public interface ContextCarrier {
    /**
     * Returns what the current thread has, as a few short strings, which are stored with the run. All carriers share one map, so each
     * one's names should have a prefix of their own. Called at dispatch, where a run is suspended or resumed, and for every event.
     */
    Map<String, String> capture();

    /**
     * Makes what was captured current on this thread. Called around the execution of a run, and around each attempt of its tasks.
     *
     * @param run the run, with what was captured in the {@code context} of its request
     * @return undoes it exactly; closed on the same thread
     */
    Scope restore(WorkflowRun run);

    /** Returns the carrier that puts {@code runId}, {@code workflowName}, {@code target} and {@code deliveryId} into the MDC inside a run. */
    static ContextCarrier mdc() {
        return MdcCarrier.INSTANCE;
    }

    /** Undoes what {@link #restore} or an {@link ExecutionInterceptor} did. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {
        /** Undoes nothing. */
        Scope NOOP = () -> {};

        /** Puts back what was there before, exactly. */
        @Override
        void close();
    }
}
