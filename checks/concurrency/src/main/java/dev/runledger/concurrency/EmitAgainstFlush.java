package dev.runledger.concurrency;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A flush that follows an event: the sink has taken it, and what the sink wrote can be read. */
@JCStressTest
@State
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "The flush did not see the event.")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "The event was emitted before, and taken.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class EmitAgainstFlush {
    private final OneSink sink = OneSink.open();
    private volatile boolean emitted;

    @Actor
    public void emit() {
        sink.emit(Events.RUNNING);
        emitted = true;
    }

    @Actor
    public void flush(II_Result result) {
        boolean before = emitted;
        boolean flushed = sink.flush();
        result.r1 = before && flushed ? 1 : 0;
        result.r2 = result.r1 == 0 ? 0 : sink.taken();
    }

    @Arbiter
    public void close() {
        sink.close();
    }
}
