package dev.runledger;

import dev.runledger.failure.Failure;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore.Pending;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;

/** Dispatches runs and hands them to the queue of the application. */
record Dispatcher(LedgerCalls calls) {
    /** Dispatches a run under the id that it has, or under a new one. */
    Dispatch dispatch(NewRun run, CallOptions options) {
        NewRun identified = identified(run, calls);
        Dispatch dispatch = calls.perform(new StoreCommand.DispatchRun(identified, LedgerCalls.head(options)));
        RunQueue queue = calls.queue();
        if (queue == null || !(dispatch instanceof Dispatch.Queued queued)) {
            return dispatch;
        }
        if (calls.unit() != null) {
            calls.unit().afterCommit(new EnqueueAfterCommit(calls.outsideUnit(), queue, queued.run()));
            return dispatch;
        }
        try {
            queue.enqueue(queued.run());
            return dispatch;
        } catch (Exception failed) {
            if (failed instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return afterFailedEnqueue(queued, failed);
        } catch (Error failed) {
            afterFailedEnqueue(queued, failed);
            throw failed;
        }
    }

    static NewRun identified(NewRun run, LedgerCalls calls) {
        return run.id().isPresent() ? run : run.id(RunId.of(calls.events().newId()));
    }

    private Dispatch afterFailedEnqueue(Dispatch.Queued queued, Throwable cause) {
        Transition failed = enqueueFailed(calls, queued.run(), cause);
        if (failed instanceof Transition.Applied applied) {
            return new Dispatch.EnqueueFailed(applied.after(), cause);
        }
        return failed instanceof Transition.Rejected rejected ? new Dispatch.Queued(rejected.standing()) : queued;
    }

    private static Transition enqueueFailed(LedgerCalls calls, WorkflowRun run, Throwable cause) {
        return calls.perform(new RunChange.EnqueueFailed(run.id(), Failure.of(cause), Head.of()));
    }

    /** Hands a run to the queue once the transaction that dispatched it is committed, and fails the run if that throws. */
    private record EnqueueAfterCommit(LedgerCalls outside, RunQueue queue, WorkflowRun run) implements Pending {
        @Override
        public String eventId() {
            return run.eventId();
        }

        @Override
        public void emit() {
            try {
                queue.enqueue(run);
            } catch (Throwable failed) { // nothing may reach the caller, whose data is committed
                if (failed instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                fail(failed);
            }
        }

        private void fail(Throwable failed) {
            try {
                Transition ignored = enqueueFailed(outside, run, failed);
            } catch (RuntimeException | Error notStored) { // counted as an error of the call; the run stays QUEUED
                Suppressed.add(failed, notStored);
            }
        }

        @Override
        public void drop() {}
    }
}
