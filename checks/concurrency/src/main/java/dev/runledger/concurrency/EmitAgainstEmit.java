package dev.runledger.concurrency;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two events for the last place that is for any event. */
@JCStressTest
@State
@Outcome(
        id = "3, 1",
        expect = Expect.ACCEPTABLE,
        desc = "One of them got the place, and the other was dropped and counted.")
@Outcome(
        id = "4, 0",
        expect = Expect.ACCEPTABLE_INTERESTING,
        desc = "Both saw the place, and the queue had another one.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class EmitAgainstEmit {
    private final OneSink sink = OneSink.closed();

    public EmitAgainstEmit() {
        sink.emit(Events.RUNNING);
        sink.emit(Events.RUNNING);
    }

    @Actor
    public void emitOne() {
        sink.emit(Events.RUNNING);
    }

    @Actor
    public void emitOther() {
        sink.emit(Events.RUNNING);
    }

    @Arbiter
    public void count(II_Result result) {
        sink.close();
        result.r1 = sink.taken();
        result.r2 = sink.dropped();
    }
}
