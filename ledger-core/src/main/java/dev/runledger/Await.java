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
import dev.runledger.store.StoreException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One wait for the end of a run, on the caller's thread. Polls read the state alone; the run is read at the first and last look. No read
 * takes longer than the wait has left, and a run whose last poll has no answer in time was not seen to end in time.
 */
final class Await {
    private static final Duration LEAST_FOR_A_READ = Duration.ofMillis(250);

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
                Duration left = left();
                boolean late = isOver(left);
                if (ended && run.state() != state) {
                    run = look();
                }
                if (ended) {
                    emit("completed");
                    return Optional.of(run);
                }
                if (late) {
                    if (run.state() != state) {
                        lookOnceMore();
                    }
                    emit("timeout");
                    return Optional.empty();
                }
                Duration pause = backoff.delay(polls);
                TimeUnit.NANOSECONDS.sleep((left.compareTo(pause) < 0 ? left : pause).toNanos());
                state = polled(state);
            }
        } catch (InterruptedException | RuntimeException | Error failed) {
            emit("error");
            throw failed;
        }
    }

    /** Returns the state, or the one that was seen last if the time is over before there is an answer. */
    private RunState polled(RunState last) {
        try {
            return inTime().state(id).orElseThrow(this::noSuchRun);
        } catch (StoreException notRead) {
            if (isOver(left())) {
                return last;
            }
            throw notRead;
        }
    }

    /** Reads the run for the event of a wait that is over, which can do without. */
    private void lookOnceMore() {
        try {
            WorkflowRun ignored = look();
        } catch (StoreException notRead) {
            // the event shows the run as it was seen before
        }
    }

    private RunHistory inTime() {
        Duration left = left();
        return history.within(left.compareTo(LEAST_FOR_A_READ) < 0 ? LEAST_FOR_A_READ : left);
    }

    private WorkflowRun look() {
        WorkflowRun run = inTime().run(id).orElseThrow(this::noSuchRun);
        seen = run;
        return run;
    }

    private NoSuchElementException noSuchRun() {
        return new NoSuchElementException("there is no run " + id + " to wait for");
    }

    private Duration left() {
        return timeout.minus(waited()); // may be more nanoseconds than a long counts
    }

    private static boolean isOver(Duration left) {
        return left.isNegative() || left.isZero();
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
