package dev.runledger;

import dev.runledger.context.ContextCarrier;
import dev.runledger.failure.Failure;
import dev.runledger.run.CallOutcome.RejectedException;
import dev.runledger.run.RetryPolicy.Backoff;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.RunOutcome.HandedOff;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.StoreException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One execution of a run by one worker: a start or a claim, the handler, and its outcome. */
record Execution(LedgerCalls calls, RunId id, String worker, CallOptions options, Duration endTimeout) {
    private static final Backoff PAUSES = Backoff.exponential(Duration.ofMillis(50), Duration.ofSeconds(5));

    RunScope.Result run(RunScope.Handler<?> handler) {
        try {
            Transition taken = calls.take(id, worker, options);
            return taken instanceof Transition.Applied applied ? handled(handler, applied) : result(taken);
        } catch (StoreException notStored) { // before the handler ran, or when its outcome was to be stored
            return new RunScope.Result(Optional.empty(), Optional.empty(), Optional.of(notStored));
        }
    }

    private RunScope.Result handled(RunScope.Handler<?> handler, Transition.Applied applied) {
        WorkflowRun run = applied.after();
        CallOptions inside = CallOptions.customFields(options.customFields()); // the key was the start's
        Head head = CallOptions.headOf(inside).expectedClaim(run.claimToken().orElse(null));
        try (ContextCarrier.Scope ignored = calls.events().surroundings().aroundRun(run)) {
            StoreCommand<Transition> end;
            RunOutcome outcome;
            try {
                outcome = Objects.requireNonNull(
                        handler.handle(new RunScope(calls, inside, run)), "the handler's outcome is null");
                end = calls.prepared(
                        changeFor(outcome, run, head)); // an outcome that does not fit is the handler's error
            } catch (Throwable thrown) {
                return failed(thrown, head);
            }
            Transition stored = stored(end);
            if (outcome instanceof HandedOff handedOff && isRefused(stored)) {
                stored = stored(calls.prepared(ifRefused(handedOff, (Transition.Rejected) stored, run, head)));
            }
            return result(stored);
        }
    }

    private static RunScope.Result result(Transition transition) {
        return new RunScope.Result(Optional.of(transition), Optional.empty(), Optional.empty());
    }

    /** A handler that goes on after its run was cancelled meets a rejection, which is a value and no error. */
    private RunScope.Result failed(Throwable thrown, Head head) {
        try {
            Transition stored = stored(calls.prepared(new RunChange.Fail(id, Failure.uncaught(thrown), head)));
            boolean ended = stored instanceof Transition.Rejected rejected
                    && rejected.state().isTerminal();
            return ended && thrown instanceof RejectedException
                    ? result(stored)
                    : new RunScope.Result(Optional.of(stored), Optional.of(thrown), Optional.empty());
        } catch (StoreException notStored) {
            return new RunScope.Result(Optional.empty(), Optional.of(thrown), Optional.of(notStored));
        } catch (RuntimeException | Error broken) {
            Suppressed.add(thrown, broken);
            return new RunScope.Result(Optional.empty(), Optional.of(thrown), Optional.empty());
        }
    }

    private static boolean isRefused(Transition stored) {
        return stored instanceof Transition.Rejected rejected
                && rejected.refusedChild().isPresent();
    }

    private RunChange ifRefused(HandedOff handedOff, Transition.Rejected rejected, WorkflowRun run, Head head) {
        String reason =
                "child_refused: " + rejected.refusedChild().orElseThrow().reason();
        return changeFor(handedOff.ifRefused().orElseGet(() -> RunOutcome.failed(reason)), run, head);
    }

    /**
     * Stores the end of the run, for as long as the timeout says: the work is done and nobody else would report it. The interrupt flag
     * of the thread does not matter meanwhile, and is as it was afterwards.
     */
    private Transition stored(StoreCommand<Transition> end) {
        long begun = System.nanoTime();
        boolean interrupted = Thread.interrupted();
        try {
            for (long attempt = 1; ; attempt++) {
                try {
                    return calls.performPrepared(end);
                } catch (StoreException notStored) {
                    Duration left = endTimeout.minusNanos(System.nanoTime() - begun);
                    if (left.isNegative() || left.isZero()) {
                        throw notStored;
                    }
                    Duration pause = PAUSES.delay(attempt);
                    interrupted |= isInterruptedWhile(left.compareTo(pause) < 0 ? left : pause);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isInterruptedWhile(Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            return Thread.interrupted();
        } catch (InterruptedException interrupted) { // which clears the flag
            return true;
        }
    }

    private RunChange changeFor(RunOutcome outcome, WorkflowRun run, Head head) {
        if (outcome instanceof RunOutcome.Incomplete incomplete) {
            return new RunChange.Incomplete(id, incomplete.reason(), head);
        }
        if (outcome instanceof RunOutcome.Failed failed) {
            return new RunChange.Fail(id, failed.failure(), head);
        }
        if (outcome instanceof RunOutcome.Suspended suspended) {
            return new RunChange.Suspend(id, suspended.waitFor(), head);
        }
        if (outcome instanceof HandedOff handedOff) {
            return new RunChange.HandOff(id, calls.inheriting(handedOff.child(), id, parent -> Optional.of(run)), head);
        }
        return new RunChange.Succeed(id, head);
    }
}
