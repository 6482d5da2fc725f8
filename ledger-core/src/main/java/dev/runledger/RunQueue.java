package dev.runledger;

import dev.runledger.run.WorkflowRun;

/**
 * Hands stored runs to the workers of the application: to an executor, a message queue, a scheduler.
 *
 * <p>The ledger calls it on the application's threads, concurrently, after the run is stored. In a transaction of the application it is
 * called after the commit, while the application may still hold its connection: a queue that calls the ledger itself needs another one.
 */
@FunctionalInterface
public interface RunQueue {
    /** Hands the run over. If it throws, the run fails as {@code enqueue_failed}, unless a worker has it already. */
    void enqueue(WorkflowRun run) throws Exception;
}
