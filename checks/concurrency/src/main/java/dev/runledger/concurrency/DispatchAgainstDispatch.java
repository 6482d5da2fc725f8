package dev.runledger.concurrency;

import dev.runledger.Ledger;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two runs of one target: one of them is dispatched, and the other is refused. */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The first one was dispatched.")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "The second one was dispatched.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class DispatchAgainstDispatch {
    private final Ledger ledger = Ledger.builder().build();

    @Actor
    public void dispatchOne(II_Result result) {
        result.r1 = dispatched();
    }

    @Actor
    public void dispatchOther(II_Result result) {
        result.r2 = dispatched();
    }

    private int dispatched() {
        return ledger.dispatch(NewRun.of("review").target("acme/app#42")) instanceof Dispatch.Queued ? 1 : 0;
    }
}
