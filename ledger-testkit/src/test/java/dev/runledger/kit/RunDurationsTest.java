package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.AWAITED;
import static dev.runledger.event.WorkflowRunEvent.COMPLETED;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RESUMED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static dev.runledger.event.WorkflowRunEvent.SUSPENDED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.CallOptions;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.Wait;
import dev.runledger.testkit.LedgerKit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a run says of durations and retries. */
class RunDurationsTest extends RunsOfAKit {
    @Test
    void durationsFitTheClock() {
        RunId id = running();
        clock.advance(Duration.ofSeconds(3));
        ledger.suspend(id, Wait.of(Wait.Code.APPROVAL));
        clock.advance(Duration.ofSeconds(5));
        ledger.resume(id, Resumption.of("approved", "ada"));
        ledger.succeed(id, CallOptions.customFields(EventFields.of().put("x", 1)))
                .orElseThrow();
        assertThat(recorder)
                .run(id)
                .emittedExactly(QUEUED, RUNNING, SUSPENDED, RESUMED, SUCCEEDED, COMPLETED)
                .hasConsistentDurations()
                .waitedInQueue(Duration.ofSeconds(2))
                .took(Duration.ofSeconds(8));
    }

    @Test
    void aWrongDurationIsNamed() {
        events.log(QUEUED, fields("r-1"));
        clock.advance(Duration.ofSeconds(2));
        events.log(RUNNING, fields("r-1").queueWait(Duration.ofSeconds(2)).workerId("w"));
        clock.advance(Duration.ofSeconds(3));
        events.log(SUCCEEDED, ended("r-1").queueWait(Duration.ofSeconds(2)));
        assertThat(Messages.of(() -> assertThat(recorder).run("r-1").hasConsistentDurations()))
                .startsWith("Expected of run r-1: durations that fit the clock\n"
                        + "but it says durationMs=1000, but the times of its events say 3000 at event 3\n")
                .contains("=>  3  workflow.run.succeeded");
        assertThat(recorder).run("r-1").hasConsistentDurations(Duration.ofSeconds(2));
    }

    @Test
    void aClockThatGoesBackIsNamed() {
        events.log(QUEUED, fields("r-1"));
        clock.advance(Duration.ofSeconds(-1));
        events.log(RUNNING, fields("r-1").queueWait(Duration.ZERO).workerId("w"));
        assertThat(Messages.of(() -> assertThat(recorder).run("r-1").hasConsistentDurations()))
                .contains(
                        "but it has workflow.run.running at 2025-12-31T23:59:59Z, earlier than the event before it at event 2");
    }

    @Test
    void aWrongQueueWaitIsNamed() {
        RunId id = running();
        assertThat(Messages.of(() -> assertThat(recorder).run(id).waitedInQueue(Duration.ofSeconds(1))))
                .startsWith("Expected of run t-1: queueWaitMs=1000\nbut it says queueWaitMs=2000 at event 2\n");
        RunId waiting = queued();
        assertThat(Messages.of(() -> assertThat(recorder).run(waiting).waitedInQueue(Duration.ZERO)))
                .startsWith("Expected of run t-2: queueWaitMs=0\nbut it emitted no workflow.run.running\n");
    }

    @Test
    void aWrongLengthIsNamed() {
        RunId id = succeeded();
        assertThat(recorder).run(id).took(Duration.ofSeconds(3));
        assertThat(Messages.of(() -> assertThat(recorder).run(id).took(Duration.ofSeconds(4))))
                .contains("Expected of run t-1: durationMs=4000\nbut it says durationMs=3000");
    }

    @Test
    void anEndThatDoesNotSayItsQueueWaitIsNamed() {
        events.log(RUNNING, fields("r-1").queueWait(Duration.ofSeconds(2)));
        events.log(SUCCEEDED, fields("r-1").duration(Duration.ofSeconds(1)).suspended(Duration.ZERO));
        assertThat(Messages.of(() -> assertThat(recorder).run("r-1").waitedInQueue(Duration.ofSeconds(2))))
                .startsWith("Expected of run r-1: queueWaitMs=2000\nbut it does not say at event 2\n");
    }

    @Test
    void anEchoThatDoesNotSayItsDurationIsNamed() {
        LedgerKit mute =
                LedgerKit.builder().ledger(builder -> builder.echo(false)).build();
        mute.events().log(SUCCEEDED, ended("r-1"));
        mute.events().log(COMPLETED, fields("r-1").put(EventField.OUTCOME, "succeeded"));
        assertThat(Messages.of(() -> assertThat(mute.recorder()).run("r-1").took(Duration.ofSeconds(1))))
                .startsWith("Expected of run r-1: durationMs=1000\nbut it does not say at event 2\n");
    }

    @Test
    void aRunThatNothingWasEmittedOfHasNeitherDurationsNorRetries() {
        queued();
        assertThat(Messages.of(() -> assertThat(recorder).run("another").hasConsistentDurations()))
                .startsWith("Expected of run another: durations that fit the clock\nbut it emitted nothing\n");
        assertThat(Messages.of(() -> assertThat(recorder).run("another").hadExpectedRetries(0)))
                .startsWith("Expected of run another: 0 expected and 0 unexpected retries\nbut it emitted nothing\n");
    }

    @Test
    void aRetryThatDoesNotSayWhichIsUnexpected() {
        events.log(TaskRunEvent.RETRYING, fields("r-1").put(EventField.TASK_ID, "k"));
        assertThat(recorder).run("r-1").hadUnexpectedRetries(1);
        assertThat(Messages.of(() -> assertThat(recorder).run("r-1").hadExpectedRetries(0)))
                .contains("but it had 0 expected and 1 unexpected at event 1");
    }

    @Test
    void whoeverAwaitsHasAClockOfItsOwn() throws InterruptedException {
        RunId id = succeeded();
        clock.advance(Duration.ofSeconds(-1));
        ledger.await(id, Duration.ofSeconds(1));
        assertThat(recorder)
                .run(id)
                .emittedExactly(QUEUED, RUNNING, SUCCEEDED, COMPLETED, AWAITED)
                .hasConsistentDurations();
    }

    @Test
    void retriesAreExpectedOrNot() {
        RunId id = running();
        retried(id, RetryPolicy.none());
        assertThat(recorder).run(id).hadUnexpectedRetries(1).hadRetries(0, 1);
        assertThat(Messages.of(() -> assertThat(recorder).run(id).hadExpectedRetries(1)))
                .startsWith("Expected of run t-1: 1 expected and 0 unexpected retries\n"
                        + "but it had 0 expected and 1 unexpected at event 5\n")
                .contains("=>  5  workflow.task.retrying");
    }

    @Test
    void aRetryThatThePolicyExpectsIsNoneThatItDoesNot() {
        RunId id = running();
        retried(id, RetryPolicy.upTo(3, Duration.ZERO));
        assertThat(recorder).run(id).hadExpectedRetries(1);
        assertThat(Messages.of(() -> assertThat(recorder).run(id).hadRetries(0, 0)))
                .contains("but it had 1 expected and 0 unexpected at event 5");
    }
}
