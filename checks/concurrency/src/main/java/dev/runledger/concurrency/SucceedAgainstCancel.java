package dev.runledger.concurrency;

import dev.runledger.Ledger;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A run that succeeds while it is cancelled: it ends once. */
@JCStressTest
@State
@Outcome(id = "1, 0, 3", expect = Expect.ACCEPTABLE, desc = "It succeeded.")
@Outcome(id = "0, 1, 3", expect = Expect.ACCEPTABLE, desc = "It was cancelled.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class SucceedAgainstCancel {
    private final Ledger ledger = Ledger.builder().build();
    private final RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();

    public SucceedAgainstCancel() {
        ledger.start(id, "worker-1").orElseThrow();
    }

    @Actor
    public void succeed(III_Result result) {
        result.r1 = ledger.succeed(id).isApplied() ? 1 : 0;
    }

    @Actor
    public void cancel(III_Result result) {
        result.r2 = ledger.cancel(id, "not needed").isApplied() ? 1 : 0;
    }

    @Arbiter
    public void count(III_Result result) {
        result.r3 = ledger.history().events(id).size();
    }
}
