package dev.runledger;

import dev.runledger.run.WorkflowRun;

/**
 * Hands stored runs to the workers of the application: to an executor, a message queue, a scheduler.
 *
 * <p>The ledger calls it on the application's threads, concurrently, after the run is stored. In a transaction of the application it is
 * called after the commit.
 */
@FunctionalInterface
public interface RunQueue {
    /** Hands the run over. If it throws, the run fails as {@code enqueue_failed}, unless a worker has it already. */
    void enqueue(WorkflowRun run) throws Exception;
}
