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

/** Two workers start one run. */
@JCStressTest
@State
@Outcome(id = "1, 0, 2", expect = Expect.ACCEPTABLE, desc = "The first one got it.")
@Outcome(id = "0, 1, 2", expect = Expect.ACCEPTABLE, desc = "The second one got it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class StartAgainstStart {
    private final Ledger ledger = Ledger.builder().build();
    private final RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();

    @Actor
    public void startOne(III_Result result) {
        result.r1 = ledger.start(id, "worker-1").isApplied() ? 1 : 0;
    }

    @Actor
    public void startOther(III_Result result) {
        result.r2 = ledger.start(id, "worker-2").isApplied() ? 1 : 0;
    }

    @Arbiter
    public void count(III_Result result) {
        result.r3 = ledger.history().events(id).size();
    }
}
