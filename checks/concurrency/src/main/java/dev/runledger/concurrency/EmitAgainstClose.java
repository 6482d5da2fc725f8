package dev.runledger.concurrency;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An event that is emitted while its sink is closed: it is delivered or dropped, and one that is dropped is counted. */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "It was taken, or refused by a sink that was closed already.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "It was in the queue, and close() reports it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class EmitAgainstClose {
    private final OneSink sink = OneSink.open();

    @Actor
    public void emit() {
        sink.emit(Events.RUNNING);
    }

    @Actor
    public void close(II_Result result) {
        result.r2 = sink.close();
    }

    @Arbiter
    public void count(II_Result result) {
        result.r1 = sink.accountedFor(1);
    }
}
