package dev.runledger;

import dev.runledger.run.ContextCarrier;
import dev.runledger.run.Failure;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.Change;
import java.util.Objects;

/** One execution of a run by one worker: a start or a claim, the handler, and what its outcome comes to. */
record Execution(Ledger ledger, LedgerParts parts, RunId id, String worker) {
    <X extends Exception> Transition run(Ledger.RunHandler<X> handler) throws X {
        Transition taken = take();
        if (!(taken instanceof Transition.Applied applied)) {
            return taken;
        }
        Ledger inside = ledger.withoutTransitionId(); // the id was the start's
        WorkflowRun run = applied.run();
        try (ContextCarrier.Restored ignored = ledger.restore(run)) {
            Change ending;
            try {
                RunOutcome outcome = Objects.requireNonNull(
                        handler.handle(new RunScope(inside, run)), "the handler's outcome is null");
                ending = changeFor(outcome).fence(worker);
            } catch (Throwable thrown) {
                try {
                    inside.apply(Change.fail(id, ledger.contract().failure(Failure.uncaught(thrown)))
                            .fence(worker));
                } catch (RuntimeException | Error notStored) {
                    Ledger.suppress(thrown, notStored);
                }
                throw thrown;
            }
            return inside.apply(ending);
        }
    }

    private Transition take() {
        Change start = ledger.called(Change.start(id, worker));
        Transition started = parts.calls().counted("start", () -> parts.store().apply(start));
        if (started instanceof Transition.Rejected rejected && isClaimable(rejected.run())) {
            Transition claimed =
                    parts.calls().counted("claim", () -> parts.store().claim(id, worker));
            parts.calls().count("claim", claimed);
            return claimed;
        }
        ledger.teller().told(start, started);
        return started;
    }

    private static boolean isClaimable(WorkflowRun run) {
        return run.state() == RunState.RUNNING && run.owner() == null && !run.handedOff();
    }

    private Change changeFor(RunOutcome outcome) {
        if (outcome instanceof RunOutcome.Incomplete incomplete) {
            return Change.incomplete(id, ledger.contract().reason(incomplete.reason()));
        }
        if (outcome instanceof RunOutcome.Failed failed) {
            return Change.fail(id, ledger.contract().failure(failed.failure()));
        }
        if (outcome instanceof RunOutcome.Suspended suspended) {
            return Change.suspend(id, ledger.prepared(suspended.waitFor()));
        }
        if (outcome instanceof RunOutcome.HandedOff handedOff) {
            return ledger.handOffChange(id, handedOff.child());
        }
        return Change.succeed(id);
    }
}
