package dev.runledger;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.ContextCarrier;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RunFields;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One wait for the end of a run, on the caller's thread. */
final class Await {
    private final LedgerParts parts;
    private final RunId id;
    private final Polling polling;
    private final long begun = System.nanoTime();
    private @Nullable WorkflowRun seen;
    private long polls;

    Await(LedgerParts parts, RunId id, Polling polling) {
        this.parts = parts;
        this.id = id;
        this.polling = polling;
    }

    Optional<WorkflowRun> run() throws InterruptedException {
        try (ContextCarrier.Waiting following = parts.events().carriers().waiting(id)) {
            return run(following);
        }
    }

    private Optional<WorkflowRun> run(ContextCarrier.Waiting following) throws InterruptedException {
        try {
            while (true) {
                polls++;
                WorkflowRun run = parts.store()
                        .history()
                        .run(id)
                        .orElseThrow(() -> new NoSuchElementException("there is no run " + id + " to wait for"));
                seen = run;
                following.polled(run);
                if (run.state().isTerminal()) {
                    tell("completed");
                    return Optional.of(run);
                }
                Duration left = polling.timeout().minus(waited()); // may be more nanoseconds than a long counts
                if (left.isNegative() || left.isZero()) {
                    tell("timeout");
                    return Optional.empty();
                }
                Duration pause = polling.pauseAfter(polls);
                TimeUnit.NANOSECONDS.sleep((left.compareTo(pause) < 0 ? left : pause).toNanos());
            }
        } catch (InterruptedException | RuntimeException | Error failed) {
            tell("error");
            throw failed;
        }
    }

    private Duration waited() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** A run that was never seen has no name to tell an event by. */
    private void tell(String outcome) {
        WorkflowRun run = seen;
        if (run == null || !parts.events().isWanted(WorkflowRunEvent.AWAITED)) {
            return;
        }
        EventFields fields = RunFields.of(run)
                .put(EventField.OUTCOME, outcome)
                .put(EventField.POLLS, polls)
                .duration(waited());
        parts.events()
                .tell(
                        WorkflowRunEvent.AWAITED,
                        parts.newId(),
                        parts.events().clock().instant(),
                        () -> fields,
                        run);
    }
}
