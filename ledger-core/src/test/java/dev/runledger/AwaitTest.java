package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.context.ContextCarrier.Scope;
import dev.runledger.context.ExecutionInterceptor;
import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RetryPolicy.Backoff;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waits for the end of a run. */
class AwaitTest {
    private final Recorder recorder = new Recorder();
    private final Polls polls = new Polls();
    private final Ledger ledger =
            Ledger.builder().sink(recorder).interceptor(polls).build();
    private final RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();

    @AfterEach
    void close() {
        ledger.close();
    }

    /** Keeps the states that a wait saw. */
    private static final class Polls implements ExecutionInterceptor {
        private final List<RunState> states = new CopyOnWriteArrayList<>();
        private boolean closed;

        @Override
        public AwaitScope aroundAwait(RunId runId) {
            return new AwaitScope() {
                @Override
                public void polled(RunState state) {
                    states.add(state);
                }

                @Override
                public void close() {
                    closed = true;
                }
            };
        }
    }

    private String outcome() {
        return recorder.only(WorkflowRunEvent.AWAITED).text(EventField.OUTCOME).orElseThrow();
    }

    @Test
    void aWaitThatTimesOutIsEmpty() throws Exception {
        Backoff pauses = new Backoff(Duration.ofMillis(1), 2, Duration.ofMillis(4));
        assertThat(ledger.await(id, Duration.ofMillis(500), pauses)).isEmpty();
        assertThat(outcome()).isEqualTo("timeout");
        LedgerEvent timeout = recorder.only(WorkflowRunEvent.AWAITED);
        assertThat(timeout.number(EventField.POLLS).orElseThrow()).isGreaterThan(2);
        assertThat(polls.states).containsOnly(RunState.QUEUED);
        assertThat(polls.closed).isTrue();
    }

    @Test
    void aWaitEndsWithTheRun() throws Exception {
        Thread canceller = new Thread(() -> {
            while (polls.states.isEmpty()) {
                Thread.onSpinWait();
            }
            ledger.cancel(id, "enough").orElseThrow();
        });
        canceller.start();
        assertThat(ledger.await(id, Duration.ofSeconds(20)))
                .map(WorkflowRun::state)
                .contains(RunState.CANCELLED);
        canceller.join();
        assertThat(outcome()).isEqualTo("completed");
        assertThat(polls.states).startsWith(RunState.QUEUED).endsWith(RunState.CANCELLED);
    }

    @Test
    void aTimeoutOfAnyLengthIsATimeout() throws Exception {
        ledger.cancel(id, "enough").orElseThrow();
        assertThat(ledger.await(id, ChronoUnit.FOREVER.getDuration())).isPresent();
    }

    @Test
    void aRunThatIsNotThereIsNotAwaited() {
        assertThatThrownBy(() -> ledger.await(RunId.of("nobody"), Duration.ofSeconds(1)))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("nobody");
        assertThat(recorder.eventsOf(WorkflowRunEvent.AWAITED)).isEmpty();
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> ledger.await(id, Duration.ofSeconds(1))).isInstanceOf(InterruptedException.class);
        assertThat(outcome()).isEqualTo("error");
    }

    @Test
    void aBrokenInterceptorCostsNoWait() throws Exception {
        ExecutionInterceptor broken = new ExecutionInterceptor() {
            @Override
            public AwaitScope aroundAwait(RunId runId) {
                throw new IllegalStateException("broken");
            }

            @Override
            public Scope aroundRun(WorkflowRun run) {
                throw new IllegalStateException("broken");
            }
        };
        try (Ledger fragile =
                Ledger.builder().sink(recorder).interceptor(broken).build()) {
            RunId run = fragile.dispatch(NewRun.of("review")).orElseThrow().id();
            fragile.cancel(run, "enough").orElseThrow();
            assertThat(fragile.await(run, Duration.ofSeconds(1))).isPresent();
            assertThat(fragile.events().counters().surroundingFailures()).isEqualTo(1);
        }
    }
}
