package dev.runledger.jdbi;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two calls for the only place of a line: each has it, one after the other, and sees what the other one did. */
@JCStressTest
@State
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "The first one was first.")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "The second one was first.")
@Outcome(expect = Expect.FORBIDDEN, desc = "None of these.")
public class CallAgainstCall {
    private static final Duration PLENTY = Duration.ofSeconds(10);

    private final Line<String, String> line = new Line<>(1, PLENTY.toNanos(), false);
    private int made;

    @Actor
    public void callOne(II_Result result) {
        result.r1 = call("one");
    }

    @Actor
    public void callOther(II_Result result) {
        result.r2 = call("other");
    }

    private int call(String subject) {
        Ticket<String, String> ticket = new Ticket<>(subject, subject, "shape", PLENTY);
        if (line.enter(ticket) != Ticket.State.LEADS) {
            return -1;
        }
        int before = made;
        Thread.onSpinWait(); // room for another one that had the place, too
        int mine = before + 1;
        made = mine;
        line.leave(ticket);
        return mine;
    }
}
