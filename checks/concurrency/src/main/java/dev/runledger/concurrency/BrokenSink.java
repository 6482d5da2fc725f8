package dev.runledger.concurrency;

import dev.runledger.sink.EventSink;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two events for a sink that throws and one that does not: every failure is counted, and the other sink gets both. */
@JCStressTest
@State
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "Both failures are counted, and both events were taken.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class BrokenSink {
    private final EventSink.Composite sinks = EventSink.composite(List.of(
            EventSink.inline(event -> {
                throw new IllegalStateException("broken");
            }),
            EventSink.inline(event -> {})));

    @Actor
    public void emitOne() {
        sinks.accept(Events.RUNNING);
    }

    @Actor
    public void emitOther() {
        sinks.accept(Events.SUCCEEDED);
    }

    @Arbiter
    public void count(II_Result result) {
        result.r1 = (int) sinks.statistics().get(0).failed();
        result.r2 = (int) sinks.statistics().get(1).delivered();
    }
}
