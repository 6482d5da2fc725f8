package dev.runledger;

import dev.runledger.run.WorkflowRun;
import dev.runledger.store.UnitOfWork;

/** Hands a run to the host's queue once the transaction that dispatched it is committed, and fails the run where that throws. */
record EnqueueAfterCommit(Ledger outside, Ledger.Enqueue enqueue, WorkflowRun run) implements UnitOfWork.Pending {
    @Override
    public String eventId() {
        return run.eventId();
    }

    @Override
    public void tell() {
        try {
            enqueue.enqueue(run);
        } catch (Throwable failed) { // nothing may reach the caller, whose data is committed
            if (failed instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            fail(failed);
        }
    }

    private void fail(Throwable failed) {
        try {
            outside.enqueueFailed(run.id(), failed);
        } catch (RuntimeException | Error notStored) {
            Ledger.suppress(failed, notStored); // counted as an error of the call; the run stays QUEUED
        }
    }

    @Override
    public void drop() {}
}
