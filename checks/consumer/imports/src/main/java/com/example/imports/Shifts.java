package com.example.imports;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/** People who take a run, and give it back when their shift is over. Messages about runs may come twice. */
public final class Shifts {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Ledger ledger;

    /** Shifts on this ledger. */
    public Shifts(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Somebody takes a run. The claim is what they show when they are done. */
    public String take(RunId id, String worker) {
        return ledger.start(id, worker).orElseThrow().claimToken().orElseThrow();
    }

    /** The work is done, unless somebody else has taken the run meanwhile. */
    public Transition done(RunId id, String claim) {
        return ledger.succeed(id, CallOptions.expectedClaim(claim));
    }

    /** Ends the work on a thread of the executor, for a caller who does not wait. */
    public void doneLater(RunId id, String claim, Executor executor) {
        executor.execute(() -> done(id, claim));
    }

    /** The planner waits until a run has ended, and looks at it. */
    public Optional<WorkflowRun> ended(RunId id) throws InterruptedException {
        return ledger.await(id, PATIENCE);
    }

    /** The shift is over, and somebody else begins anew. */
    public Transition giveBack(RunId id, String who, String message) {
        CallOptions options = CallOptions.actor(who).withIdempotencyKey("back-" + message);
        return ledger.requeue(id, "the shift is over", options);
    }

    /** Somebody calls a run off. */
    public Transition callOff(RunId id, String who, String message) {
        CallOptions options = CallOptions.actor(who).withIdempotencyKey("off-" + message);
        return ledger.cancel(id, "called off", options);
    }

    /** The planner calls off what it has looked at, unless it has changed since. */
    public Transition callOffAsSeen(WorkflowRun seen) {
        return ledger.cancel(seen.id(), "not planned", CallOptions.expectedSeq(seen.seq()));
    }

    /** Somebody wants the same work again. */
    public Dispatch again(RunId id, String who) {
        return ledger.replay(id, run -> run, CallOptions.actor(who));
    }

    /** Tries a file out, which counts nowhere. */
    public Dispatch tryOut(String file) {
        return ledger.dispatch(NewRun.of(Imports.WORKFLOW).target(file).channel(NewRun.Channel.DRAFT));
    }

    /** Fetches what is at a place, one run at a time. */
    public Dispatch fetch(String place) {
        return ledger.dispatch(NewRun.of("fetch").target(place));
    }
}
