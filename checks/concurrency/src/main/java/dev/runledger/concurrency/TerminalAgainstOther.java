package dev.runledger.concurrency;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A terminal event and another one, when only the room for terminal events is left. */
@JCStressTest
@State
@Outcome(id = "1, 4, 1", expect = Expect.ACCEPTABLE, desc = "The terminal one was taken, and the other one dropped.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class TerminalAgainstOther {
    private final OneSink sink = OneSink.closed();

    public TerminalAgainstOther() {
        for (int i = 0; i < 3; i++) {
            sink.emit(Events.RUNNING);
        }
    }

    @Actor
    public void emitTerminal() {
        sink.emit(Events.SUCCEEDED);
    }

    @Actor
    public void emitOther() {
        sink.emit(Events.RUNNING);
    }

    @Arbiter
    public void count(III_Result result) {
        sink.close();
        result.r1 = sink.terminal();
        result.r2 = sink.taken();
        result.r3 = sink.dropped();
    }
}
