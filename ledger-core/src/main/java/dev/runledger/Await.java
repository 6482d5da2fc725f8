package dev.runledger;

import dev.runledger.context.ExecutionInterceptor.AwaitScope;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.run.RetryPolicy.Backoff;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One wait for the end of a run, on the caller's thread. Polls read the state alone; the run is read at the first and last look. */
final class Await {
    private final LedgerCalls calls;
    private final RunHistory history;
    private final RunId id;
    private final Duration timeout;
    private final Backoff backoff;
    private final long begun = System.nanoTime();
    private @Nullable WorkflowRun seen;
    private long polls;

    Await(LedgerCalls calls, RunId id, Duration timeout, Backoff backoff) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", expected 0 or more");
        }
        this.calls = calls;
        this.history = calls.store().history();
        this.id = id;
        this.timeout = timeout;
        this.backoff = backoff;
    }

    Optional<WorkflowRun> run() throws InterruptedException {
        try (AwaitScope scope = calls.events().surroundings().aroundAwait(id)) {
            return run(scope);
        }
    }

    private Optional<WorkflowRun> run(AwaitScope scope) throws InterruptedException {
        try {
            WorkflowRun run = look();
            RunState state = run.state();
            while (true) {
                polls++;
                scope.polled(state);
                boolean ended = state.isTerminal();
                Duration left = timeout.minus(waited()); // may be more nanoseconds than a long counts
                boolean late = left.isNegative() || left.isZero();
                if ((ended || late) && run.state() != state) {
                    run = look();
                }
                if (ended) {
                    emit("completed");
                    return Optional.of(run);
                }
                if (late) {
                    emit("timeout");
                    return Optional.empty();
                }
                Duration pause = backoff.delay(polls);
                TimeUnit.NANOSECONDS.sleep((left.compareTo(pause) < 0 ? left : pause).toNanos());
                state = history.state(id).orElseThrow(this::noSuchRun);
            }
        } catch (InterruptedException | RuntimeException | Error failed) {
            emit("error");
            throw failed;
        }
    }

    private WorkflowRun look() {
        WorkflowRun run = history.run(id).orElseThrow(this::noSuchRun);
        seen = run;
        return run;
    }

    private NoSuchElementException noSuchRun() {
        return new NoSuchElementException("there is no run " + id + " to wait for");
    }

    private Duration waited() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** A run that was never seen has no name for an event. */
    private void emit(String outcome) {
        WorkflowRun run = seen;
        if (run != null) {
            calls.events()
                    .emitNow(
                            WorkflowRunEvent.AWAITED,
                            () -> EventFields.of(run)
                                    .put(EventField.OUTCOME, outcome)
                                    .put(EventField.POLLS, polls)
                                    .duration(waited()),
                            run);
        }
    }
}
