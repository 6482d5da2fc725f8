package dev.runledger;

import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import java.util.Objects;

/** The calls of a {@link Ledger} that change a run by its id: one for each entry of the state machine, and the claim. */
@CheckReturnValue
abstract class RunCalls {
    final LedgerCalls calls;

    RunCalls(LedgerCalls calls) {
        this.calls = calls;
    }

    /** Fails a run that the application could not hand to its queue: QUEUED to FAILED. Rejected if a worker has it already. */
    public Transition enqueueFailed(RunId id, Throwable cause) {
        return enqueueFailed(id, cause, CallOptions.none());
    }

    /** Fails a run that could not be enqueued, with options. */
    public Transition enqueueFailed(RunId id, Throwable cause, CallOptions options) {
        return calls.perform(new RunChange.EnqueueFailed(id, Failure.of(cause), CallOptions.headOf(options)));
    }

    /** Starts a run for a worker: QUEUED to RUNNING. */
    public Transition start(RunId id, String worker) {
        return start(id, worker, CallOptions.none());
    }

    /** Starts a run for a worker, with options. */
    public Transition start(RunId id, String worker, CallOptions options) {
        return calls.perform(new RunChange.Start(id, worker, CallOptions.headOf(options)));
    }

    /** Claims a run that is RUNNING, has no owner and was not handed off, as after a resume. A claim is no transition and has no event. */
    public Transition claim(RunId id, String worker) {
        return claim(id, worker, CallOptions.none());
    }

    /** Claims a run with options, of which a claim uses what it expects; see {@link #claim(RunId, String)}. */
    public Transition claim(RunId id, String worker, CallOptions options) {
        return calls.perform(new StoreCommand.ClaimRun(
                id, worker, CallOptions.headOf(options).idempotencyKey(null)));
    }

    /** Suspends a run that waits for something from outside: RUNNING to SUSPENDED, without an owner. */
    public Transition suspend(RunId id, Wait wait) {
        return suspend(id, wait, CallOptions.none());
    }

    /** Suspends a run with options; see {@link #suspend(RunId, Wait)}. */
    public Transition suspend(RunId id, Wait wait, CallOptions options) {
        return calls.perform(new RunChange.Suspend(id, wait, CallOptions.headOf(options)));
    }

    /**
     * Resumes a run whose wait is over: SUSPENDED to RUNNING, without an owner until a worker claims it. The run is handed to the {@link
     * RunQueue} if the ledger has one; if the queue throws, the run fails.
     */
    public Transition resume(RunId id, Resumption resumption) {
        return resume(id, resumption, CallOptions.none());
    }

    /** Resumes a run with options; see {@link #resume(RunId, Resumption)}. */
    public Transition resume(RunId id, Resumption resumption, CallOptions options) {
        return calls.perform(new RunChange.Resume(id, resumption, CallOptions.headOf(options)));
    }

    /**
     * Puts a run back into its queue whose execution is over without an outcome, as after a deploy or the loss of a worker: RUNNING to
     * QUEUED, without an owner. The run keeps its first start; the wait in the queue counts anew; the next start is a further execution. The
     * run is handed to the {@link RunQueue} if the ledger has one. A run that was handed off is not requeued.
     */
    public Transition requeue(RunId id, String reason) {
        return requeue(id, reason, CallOptions.none());
    }

    /** Puts a run back into its queue, with options; see {@link #requeue(RunId, String)}. */
    public Transition requeue(RunId id, String reason, CallOptions options) {
        return calls.perform(new RunChange.Requeue(id, reason, CallOptions.headOf(options)));
    }

    /**
     * Hands the work of a run to a child, which is dispatched in the same transaction. The parent stays RUNNING until the application ends
     * it. The child inherits the parent's project and queue unless it names its own, and is handed to the {@link RunQueue} if the ledger has
     * one. If the child is refused, the ledger emits the refusal, rejects the hand-off and leaves the parent as it was.
     */
    public Transition handOff(RunId parent, NewRun child) {
        return handOff(parent, child, CallOptions.none());
    }

    /** Hands the work of a run to a child, with options; see {@link #handOff(RunId, NewRun)}. */
    public Transition handOff(RunId parent, NewRun child, CallOptions options) {
        NewRun inheriting = calls.inheriting(
                Objects.requireNonNull(child, "child"), parent, calls.store().history()::run);
        return calls.perform(new RunChange.HandOff(parent, inheriting, CallOptions.headOf(options)));
    }

    /** Ends a run whose work is done: RUNNING to SUCCEEDED. */
    public Transition succeed(RunId id) {
        return succeed(id, CallOptions.none());
    }

    /** Ends a run whose work is done, with options. */
    public Transition succeed(RunId id, CallOptions options) {
        return calls.perform(new RunChange.Succeed(id, CallOptions.headOf(options)));
    }

    /** Ends a run that finished without error but did not reach its goal: RUNNING to INCOMPLETE. */
    public Transition incomplete(RunId id, String reason) {
        return incomplete(id, reason, CallOptions.none());
    }

    /** Ends a run that did not reach its goal, with options. */
    public Transition incomplete(RunId id, String reason, CallOptions options) {
        return calls.perform(new RunChange.Incomplete(id, reason, CallOptions.headOf(options)));
    }

    /** Ends a run whose work failed: QUEUED, RUNNING or SUSPENDED to FAILED. */
    public Transition fail(RunId id, Failure failure) {
        return fail(id, failure, CallOptions.none());
    }

    /** Ends a run whose work failed, with options. */
    public Transition fail(RunId id, Failure failure, CallOptions options) {
        return calls.perform(new RunChange.Fail(id, failure, CallOptions.headOf(options)));
    }

    /** Cancels a run: QUEUED, RUNNING or SUSPENDED to CANCELLED. */
    public Transition cancel(RunId id, String reason) {
        return cancel(id, reason, CallOptions.none());
    }

    /** Cancels a run with options. */
    public Transition cancel(RunId id, String reason, CallOptions options) {
        return calls.perform(new RunChange.Cancel(id, reason, CallOptions.headOf(options)));
    }
}
