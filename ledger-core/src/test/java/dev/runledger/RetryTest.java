package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.CallOutcome.RejectedException;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.sink.EventSink;
import dev.runledger.state.RunState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryTest {
    private final List<LedgerEvent> events = new ArrayList<>();
    private final Ledger ledger =
            Ledger.builder().sink(EventSink.inline(events::add)).build();

    private RunId dispatched(String target) {
        return ledger.dispatch(NewRun.of("review").target(target)).orElseThrow().id();
    }

    private RunState state(RunId id) {
        return ledger.history().state(id).orElseThrow();
    }

    @Test
    void aRetrySleepsOnThisThreadAndEmitsEachAttempt() throws Exception {
        RunId id = dispatched("a");
        AtomicInteger attempts = new AtomicInteger();
        long begun = System.nanoTime();
        Transition end = ledger.execute(id, "w", scope -> {
            int result = scope.retry(NewTask.of("fetch"), RetryPolicy.upTo(3, Duration.ofMillis(30)), task -> {
                if (attempts.incrementAndGet() < 3) {
                    throw new IOException("reset");
                }
                return 42;
            });
            assertThat(result).isEqualTo(42);
            return RunOutcome.succeeded();
        });
        assertThat(end.isApplied()).isTrue();
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(60));
        assertThat(events.stream().map(LedgerEvent::eventName).filter(name -> name.startsWith("workflow.task")))
                .containsExactly(
                        "workflow.task.started",
                        "workflow.task.failed",
                        "workflow.task.retrying",
                        "workflow.task.failed",
                        "workflow.task.retrying",
                        "workflow.task.succeeded");
        assertThat(events.stream()
                        .filter(event -> event.eventName().equals("workflow.task.retrying"))
                        .map(event -> event.get(EventField.RETRY_EXPECTED).orElseThrow()))
                .containsOnly(true);
    }

    @Test
    void aRetryThrowsWhatTheLastAttemptThrew() {
        RunId id = dispatched("a");
        AtomicInteger attempts = new AtomicInteger();
        assertThatThrownBy(() -> ledger.execute(id, "w", scope -> {
                    scope.retry(NewTask.of("fetch"), RetryPolicy.upTo(2, Duration.ZERO), task -> {
                        throw new IOException("reset " + attempts.incrementAndGet());
                    });
                    return RunOutcome.succeeded();
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("reset 2");
    }

    @Test
    void aRetryEndsWithACancellation() {
        RunId id = dispatched("a");
        AtomicInteger attempts = new AtomicInteger();
        assertThatThrownBy(() -> ledger.execute(id, "w", scope -> {
                    scope.retry(NewTask.of("fetch"), RetryPolicy.keepTrying(Duration.ofMillis(1)), task -> {
                        if (attempts.incrementAndGet() == 2) {
                            assertThat(ledger.cancel(id, "enough").isApplied()).isTrue();
                        }
                        throw new IOException("reset");
                    });
                    return RunOutcome.succeeded();
                }))
                .isInstanceOfAny(IOException.class, RejectedException.class);
        assertThat(attempts).hasValue(2);
        assertThat(state(id)).isEqualTo(RunState.CANCELLED);
    }
}
