package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.EventSink;
import dev.runledger.state.RunState;
import dev.runledger.store.LeaseStore;
import dev.runledger.store.RunStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Proves that an application leaves no run stuck: that its operations run, and over the store that its ledger has. An application extends it
 * in a test that starts the application as in production.
 *
 * <p>The contract plays a process that takes a run and is silent from then on, and waits until the application's operations have found the
 * run. The runs have a workflow of their own, {@link #workflowName()}, which the application's queue should drop. Each test needs as long
 * as a sweep takes to come.
 */
public abstract class OperationsContract {
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Used by subclasses. */
    protected OperationsContract() {}

    /** Returns the ledger of the application, whose operations have been started as the application starts them. */
    protected abstract Ledger ledger();

    /** Returns the workflow of the runs that the contract makes. Default: {@code operations-contract}. */
    protected String workflowName() {
        return "operations-contract";
    }

    /** Returns how long the contract waits for the application's operations. Default: a minute. */
    protected Duration patience() {
        return Duration.ofMinutes(1);
    }

    /** A run whose process is lost is failed or requeued, whichever the policy says. */
    @Test
    final void aRunOfALostProcessIsRecovered() throws InterruptedException {
        RunStore store = ledger().maintenance().port(RunStore.class);
        try (Ledger lost = Ledger.builder()
                .store(store)
                .sink(EventSink.named("none", event -> {}))
                .build()) {
            RunId id = dispatched(lost);
            WorkflowRun started = lost.start(id, "lost-worker").orElseThrow();
            boolean ignored =
                    ledger().maintenance().port(LeaseStore.class).heartbeat(lost.instance(), Duration.ofMillis(1));
            assertThat(becomes(id, run -> run.seq() > started.seq()))
                    .as("a run whose process was lost, after %s: are the operations started?", patience())
                    .isNotEqualTo(RunState.RUNNING);
        }
    }

    /** A wait that may not go on after its deadline is ended. */
    @Test
    final void aDeadlineIsActedOn() throws InterruptedException {
        RunId id = dispatched(ledger());
        ledger().start(id, "worker").orElseThrow();
        Wait wait = Wait.of(Wait.Code.OTHER).until(Instant.EPOCH, Wait.OnDeadline.FAIL);
        ledger().suspend(id, wait).orElseThrow();
        assertThat(becomes(id, run -> run.state() != RunState.SUSPENDED))
                .as("a run whose wait has passed its deadline, after %s: are the operations started?", patience())
                .isEqualTo(RunState.FAILED);
    }

    private RunId dispatched(Ledger by) {
        return by.dispatch(NewRun.of(workflowName())).orElseThrow().id();
    }

    /** Waits until the run is as it should be, and returns its state then, or when the patience is over. */
    private RunState becomes(RunId id, Predicate<WorkflowRun> expected) throws InterruptedException {
        long deadline = System.nanoTime() + patience().toNanos();
        WorkflowRun run = ledger().history().run(id).orElseThrow();
        while (!expected.test(run) && System.nanoTime() < deadline) {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            run = ledger().history().run(id).orElseThrow();
        }
        return run.state();
    }
}
