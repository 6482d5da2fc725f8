package dev.runledger.concurrency;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two closes of a sink that has events: one of them reports, and each event is accounted for once. */
@JCStressTest
@State
@Outcome(id = "[01], 3", expect = Expect.ACCEPTABLE, desc = "One of them at most reported what was left.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class CloseAgainstClose {
    private final OneSink sink = OneSink.closed();
    private volatile int first;
    private volatile int second;

    public CloseAgainstClose() {
        for (int i = 0; i < 3; i++) {
            sink.emit(Events.RUNNING);
        }
    }

    @Actor
    public void closeFirst() {
        first = sink.close(Duration.ZERO);
    }

    @Actor
    public void closeSecond() {
        second = sink.close(Duration.ZERO);
    }

    @Arbiter
    public void count(II_Result result) {
        result.r1 = Math.min(first, 1) + Math.min(second, 1);
        sink.release();
        result.r2 = sink.accountedFor(3);
    }
}
