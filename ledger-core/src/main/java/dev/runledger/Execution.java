package dev.runledger;

import dev.runledger.context.ContextCarrier;
import dev.runledger.failure.Failure;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import java.util.Objects;

/** One execution of a run by one worker: a start or a claim, the handler, and its outcome. */
record Execution(LedgerCalls calls, RunId id, String worker, CallOptions options) {
    <X extends Exception> Transition run(RunScope.Handler<X> handler) throws X {
        Transition taken = calls.take(id, worker, options);
        if (!(taken instanceof Transition.Applied applied)) {
            return taken;
        }
        WorkflowRun run = applied.after();
        CallOptions inside = CallOptions.customFields(options.customFields()); // the key was the start's
        Head head = LedgerCalls.head(inside).expectedOwner(worker);
        try (ContextCarrier.Scope ignored = calls.events().surroundings().aroundRun(run)) {
            StoreCommand<Transition> end;
            try {
                RunOutcome outcome = Objects.requireNonNull(
                        handler.handle(new RunScope(calls, inside, run)), "the handler's outcome is null");
                end = calls.prepared(changeFor(outcome, head)); // an outcome that does not fit is the handler's error
            } catch (Throwable thrown) {
                fail(thrown, head);
                throw thrown;
            }
            return calls.performPrepared(end);
        }
    }

    private void fail(Throwable thrown, Head head) {
        try {
            Transition ignored = calls.perform(new RunChange.Fail(id, Failure.uncaught(thrown), head));
        } catch (RuntimeException | Error notStored) {
            Suppressed.add(thrown, notStored);
        }
    }

    private RunChange changeFor(RunOutcome outcome, Head head) {
        if (outcome instanceof RunOutcome.Incomplete incomplete) {
            return new RunChange.Incomplete(id, incomplete.reason(), head);
        }
        if (outcome instanceof RunOutcome.Failed failed) {
            return new RunChange.Fail(id, failed.failure(), head);
        }
        if (outcome instanceof RunOutcome.Suspended suspended) {
            return new RunChange.Suspend(id, suspended.waitFor(), head);
        }
        if (outcome instanceof RunOutcome.HandedOff handedOff) {
            return new RunChange.HandOff(
                    id, Dispatcher.identified(handedOff.child(), calls).parentRunId(id), head);
        }
        return new RunChange.Succeed(id, head);
    }
}
