package dev.runledger.examples.webhookbot;

import dev.runledger.Ledger;
import dev.runledger.operations.Operations;
import dev.runledger.operations.RunPolicy;
import dev.runledger.operations.RunPolicy.ChildFailure;
import dev.runledger.operations.RunPolicy.Interrupted;
import java.time.Duration;

/** What becomes of runs that nobody works on. */
final class Policies {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration RUNNING_AT_MOST = Duration.ofMinutes(10);
    private static final Duration KEPT = Duration.ofDays(30);

    private Policies() {}

    /**
     * Makes operations that are not started.
     *
     * @param lostAfter how long a bot may be silent before its runs are given to another, or to itself after a crash
     */
    static Operations operations(Ledger ledger, Duration lostAfter) {
        Duration third = lostAfter.dividedBy(3);
        return Operations.builder(ledger)
                .policy(step(lostAfter))
                .policy(Workflows.SHIP, step(lostAfter).endsWithChildren(ChildFailure.INCOMPLETE))
                .lostAfter(lostAfter)
                .sweepEvery(third.compareTo(SHORTEST) < 0 ? SHORTEST : third)
                .keepRefusals(KEPT)
                .build();
    }

    /** Every step of the bot reads a payload and writes nothing outside, so that it can begin again. */
    private static RunPolicy step(Duration lostAfter) {
        return RunPolicy.defaults()
                .executions(3)
                .atShutdown(Interrupted.REQUEUE)
                .offerAfter(lostAfter) // the queue is in memory: what a dead bot had in its own is offered again
                .runningAtMost(RUNNING_AT_MOST) // a run whose end could not be stored
                .keep(KEPT);
    }
}
