package dev.runledger.concurrency;

import dev.runledger.Ledger;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.sink.EventSink;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A run that is dispatched while the ledger is closed: the run is kept, and its event is delivered or counted as dropped. */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The run is there, and its event is accounted for.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class DispatchAgainstClose {
    private final EventSink sink = EventSink.queued(event -> {}, 4);
    private final Ledger ledger =
            Ledger.builder().sink(EventSink.named("sink", sink)).build();

    @Actor
    public void dispatch(II_Result result) {
        result.r1 = ledger.dispatch(NewRun.of("review")) instanceof Dispatch.Queued ? 1 : 0;
    }

    @Actor
    public void close() {
        ledger.close();
    }

    @Arbiter
    public void count(II_Result result) {
        long end = System.nanoTime() + 10_000_000_000L;
        do {
            EventSink.Statistics now = ledger.events().counters().sink("sink");
            result.r2 = (int) (now.delivered() + now.dropped());
        } while (result.r2 < 1 && System.nanoTime() < end);
    }
}
