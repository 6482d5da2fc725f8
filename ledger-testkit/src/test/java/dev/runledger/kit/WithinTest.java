package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runledger.run.RunId;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** An assertion waits for the events of other threads, and no longer than it has to. */
class WithinTest extends RunsOfAKit {
    private static final Duration LONG = Duration.ofDays(365_000);

    @Test
    void whatHoldsAlreadyIsNotWaitedFor() {
        RunId id = queued();
        assertThat(recorder)
                .within(Duration.ZERO, then -> then.run(id).emittedExactly(QUEUED))
                .emittedExactly(QUEUED);
    }

    @Test
    void eachEventIsLookedAt() throws Exception {
        RunId id = queued();
        CountDownLatch failedOnce = new CountDownLatch(1);
        CountDownLatch failedTwice = new CountDownLatch(2);
        Thread worker = new Thread(() -> {
            awaited(failedOnce);
            queued();
            awaited(failedTwice);
            ledger.start(id, "w");
        });
        worker.start();
        assertThat(recorder).within(LONG, then -> {
            failedOnce.countDown();
            failedTwice.countDown();
            then.run(id).emittedExactly(QUEUED, RUNNING);
        });
        worker.join();
    }

    @Test
    void whatDoesNotComeInTimeFailsWithTheLastDifference() {
        RunId id = queued();
        AssertionError failed = catchThrowableOfType(
                AssertionError.class,
                () -> assertThat(recorder)
                        .within(Duration.ofMillis(1), then -> then.run(id).emittedExactly(QUEUED, RUNNING)));
        assertThat(Messages.plain(failed.getMessage()))
                .startsWith("Expected within PT0.001S:\n\nRun t-1 should have emitted exactly\n")
                .contains("differs first at event 2: workflow.run.running is missing");
        assertThat(failed.getCause()).isInstanceOf(AssertionError.class).hasMessageStartingWith("Run t-1 should");
    }

    @Test
    void whatTheViewLeavesOutIsLeftOutThere() throws Exception {
        RunId id = succeeded();
        ledger.await(id, Duration.ofSeconds(1));
        assertThat(recorder)
                .withoutAwaits()
                .within(
                        Duration.ZERO,
                        then -> assertThat(Messages.of(() -> then.emittedNothing()))
                                .doesNotContain("workflow.run.awaited"));
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        try {
            assertThat(Messages.of(() -> assertThat(recorder).within(LONG, then -> then.emittedExactly(QUEUED))))
                    .contains("workflow.run.queued is missing");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
