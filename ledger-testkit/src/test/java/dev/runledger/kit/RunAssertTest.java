package dev.runledger.kit;

import static dev.runledger.event.WorkflowRunEvent.CANCELLED;
import static dev.runledger.event.WorkflowRunEvent.COMPLETED;
import static dev.runledger.event.WorkflowRunEvent.FAILED;
import static dev.runledger.event.WorkflowRunEvent.HANDED_OFF;
import static dev.runledger.event.WorkflowRunEvent.INCOMPLETE;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runledger.event.EventField;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.testkit.LedgerKit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunAssertTest extends RunsOfAKit {
    @Test
    void theEventsOfARunAreExactlyThese() {
        RunId id = succeeded();
        queued();
        assertThat(recorder)
                .run(id)
                .emittedExactly(QUEUED, RUNNING, SUCCEEDED, COMPLETED)
                .isEchoed();
    }

    @Test
    void aMissingEventIsNamed() {
        RunId id = running();
        assertThat(Messages.of(() -> assertThat(recorder).run(id).emittedExactly(QUEUED, RUNNING, SUCCEEDED)))
                .startsWith("""
                        Run t-1 should have emitted exactly
                          workflow.run.queued, workflow.run.running, workflow.run.succeeded
                        and differs first at event 3: workflow.run.succeeded is missing

                          #  event  id  after  thread  emitted at  fields
                          1  workflow.run.queued  t-1:1  0.000 s  main  RunsOfAKit.java:#
                          2  workflow.run.running  t-1:2  2.000 s  main  RunsOfAKit.java:#  queueWaitMs=2000 workerId=w execution=1
                          =>  3  (missing) workflow.run.succeeded""");
    }

    @Test
    void anEventTooManyIsNamed() {
        RunId id = succeeded();
        assertThat(Messages.of(() -> assertThat(recorder).run(id).emittedExactly(QUEUED, RUNNING, SUCCEEDED)))
                .startsWith("""
                        Run t-1 should have emitted exactly
                          workflow.run.queued, workflow.run.running, workflow.run.succeeded
                        and differs first at event 4: workflow.run.completed was emitted, which was not expected
                        """)
                .contains("=>  4  workflow.run.completed  t-1:3:completed  5.000 s");
    }

    @Test
    void whatAnotherThreadEmittedIsNamed() throws Exception {
        RunId id = running();
        assertThat(recorder).run(id).wasEmittedByThisThread();
        Thread other = new Thread(() -> ledger.succeed(id), "pool-1");
        other.start();
        other.join();
        assertThat(Messages.of(() -> assertThat(recorder).run(id).wasEmittedByThisThread()))
                .startsWith("""
                        Expected of run t-1: that thread main emitted all of it
                        but it emitted workflow.run.succeeded on thread pool-1 at event 3
                        """);
    }

    @Test
    void eventsOutOfOrderAreNamed() {
        events.log(RUNNING, fields("r-1"));
        events.log(QUEUED, fields("r-1"));
        assertThat(Messages.of(() -> assertThat(recorder).run("r-1").emittedExactly(QUEUED, RUNNING)))
                .contains(
                        "differs first at event 1: workflow.run.running was emitted where workflow.run.queued was expected")
                .contains("=>  1  workflow.run.running");
    }

    @Test
    void anEventThatIsEmittedTwiceIsNamedAsSuch() {
        events.log(QUEUED, fields("r-1").put(EventField.SEQ, 1));
        events.log(QUEUED, fields("r-1").put(EventField.SEQ, 1));
        assertThat(Messages.of(() -> assertThat(recorder).run("r-1").emittedExactly(QUEUED, RUNNING)))
                .contains("at event 2: workflow.run.queued was emitted again, as the same event r-1:1 where"
                        + " workflow.run.running was expected");
    }

    @Test
    void aRunThatNothingWasEmittedOfIsShownWithWhatWas() {
        queued();
        assertThat(Messages.of(() -> assertThat(recorder).run("another").emittedExactly(QUEUED)))
                .isEqualTo("""
                        Run another should have emitted exactly
                          workflow.run.queued
                        and differs first at event 1: workflow.run.queued is missing

                          #  event  id  after  thread  emitted at  fields
                          =>  1  (missing) workflow.run.queued

                        Other runs emitted
                          #  event  id  after  thread  emitted at  fields
                          1  workflow.run.queued  t-1:1  0.000 s  main  RunsOfAKit.java:#""");
    }

    @Test
    void whatSeveralThreadsEmittedIsReadBySeq() throws Exception {
        events.log(
                RUNNING,
                fields("r-1").put(EventField.SEQ, 2).queueWait(Duration.ZERO).workerId("w"));
        Thread other = new Thread(() -> events.log(QUEUED, fields("r-1").put(EventField.SEQ, 1)));
        other.start();
        other.join();
        assertThat(recorder).run("r-1").emittedExactly(QUEUED, RUNNING);
    }

    @Test
    void whatOneThreadEmittedIsReadAsItWasEmitted() {
        events.log(
                RUNNING,
                fields("r-1").put(EventField.SEQ, 2).queueWait(Duration.ZERO).workerId("w"));
        events.log(QUEUED, fields("r-1").put(EventField.SEQ, 1));
        assertThat(Messages.of(() -> assertThat(recorder).run("r-1").emittedExactly(QUEUED, RUNNING)))
                .contains("differs first at event 1");
    }

    @Test
    void whatWasNeverEmitted() {
        RunId id = succeeded();
        assertThat(recorder).run(id).neverEmitted(FAILED, CANCELLED);
        assertThat(Messages.of(() -> assertThat(recorder).run(id).neverEmitted(FAILED, SUCCEEDED)))
                .startsWith(
                        "Run t-1 should never have emitted workflow.run.failed, workflow.run.succeeded, but event 3 is one\n")
                .contains("=>  3  workflow.run.succeeded");
    }

    @Test
    void nothingComesAfterTheEnd() {
        RunId id = succeeded();
        assertThat(recorder).run(id).hasNothingAfterItsEnd();
        events.log(TaskRunEvent.PROGRESS, fields(id.value()).taskId(TaskId.of("k")));
        assertThat(Messages.of(() -> assertThat(recorder).run(id).hasNothingAfterItsEnd()))
                .startsWith("Expected of run t-1: nothing after its end, which is event 3\n"
                        + "but it emitted workflow.task.progress at event 5\n")
                .contains("=>  5  workflow.task.progress");
    }

    @Test
    void aSecondEchoComesAfterTheEndToo() {
        RunId id = succeeded();
        events.log(
                COMPLETED,
                fields(id.value()).put(EventField.OUTCOME, "succeeded").duration(Duration.ofSeconds(3)));
        assertThat(Messages.of(() -> assertThat(recorder).run(id).hasNothingAfterItsEnd()))
                .contains("but it emitted workflow.run.completed again at event 5");
    }

    @Test
    void aRunInFlightHasNoEnd() {
        RunId id = running();
        assertThat(Messages.of(() -> assertThat(recorder).run(id).hasNothingAfterItsEnd()))
                .startsWith("Expected of run t-1: an end\nbut it has no terminal event\n");
    }

    @Test
    void anEchoSaysWhatItEchoes() {
        LedgerKit mute =
                LedgerKit.builder().ledger(builder -> builder.echo(false)).build();
        mute.events().log(SUCCEEDED, ended("r-1"));
        assertThat(Messages.of(() -> assertThat(mute.recorder()).run("r-1").isEchoed()))
                .startsWith(
                        "Expected of run r-1: an echo of its end, workflow.run.completed\nbut it has none at event 1\n");
        mute.events()
                .log(
                        COMPLETED,
                        fields("r-1").put(EventField.OUTCOME, "succeeded").duration(Duration.ofSeconds(9)));
        assertThat(Messages.of(() -> assertThat(mute.recorder()).run("r-1").isEchoed()))
                .startsWith(
                        "Expected of run r-1: an echo with durationMs=1000\nbut it is echoed with durationMs=9000 at event 2\n");
    }

    @Test
    void anEchoOfAnotherOutcomeIsNone() {
        LedgerKit mute =
                LedgerKit.builder().ledger(builder -> builder.echo(false)).build();
        mute.events().log(SUCCEEDED, ended("r-1"));
        mute.events()
                .log(COMPLETED, fields("r-1").put(EventField.OUTCOME, "failed").duration(Duration.ofSeconds(1)));
        assertThat(Messages.of(() -> assertThat(mute.recorder()).run("r-1").isEchoed()))
                .startsWith(
                        "Expected of run r-1: an echo with outcome=succeeded\nbut it is echoed with outcome=failed at event 2\n");
    }

    @Test
    void anEchoBeforeTheEndIsNone() {
        LedgerKit mute =
                LedgerKit.builder().ledger(builder -> builder.echo(false)).build();
        mute.events()
                .log(
                        COMPLETED,
                        fields("r-1").put(EventField.OUTCOME, "succeeded").duration(Duration.ofSeconds(1)));
        mute.events().log(SUCCEEDED, ended("r-1"));
        assertThat(Messages.of(() -> assertThat(mute.recorder()).run("r-1").isEchoed()))
                .startsWith(
                        "Expected of run r-1: an echo after its end, which is event 2\nbut it was echoed before it at event 1\n");
    }

    @Test
    void theEchoOfEveryEndHasItsOutcome() {
        RunId incomplete = running();
        ledger.incomplete(incomplete, "still red").orElseThrow();
        RunId failed = queued();
        ledger.fail(failed, Failure.of("broken")).orElseThrow();
        RunId cancelled = queued();
        ledger.cancel(cancelled, "called off").orElseThrow();
        RunId unqueued = queued();
        ledger.enqueueFailed(unqueued, new IllegalStateException("full")).orElseThrow();
        for (RunId id : List.of(incomplete, failed, cancelled, unqueued)) {
            assertThat(recorder).run(id).isEchoed();
        }
    }

    @Test
    void parentAndChild() {
        RunId parent = running();
        ledger.handOff(parent, NewRun.of("fix")).orElseThrow();
        RunId child = RunId.of("t-2");
        assertThat(recorder).run(child).isChildOf(parent);
        assertThat(recorder).run(parent).handedOffTo(child).emittedExactly(QUEUED, RUNNING, HANDED_OFF);
        assertThat(Messages.of(() -> assertThat(recorder).run(parent).isChildOf(child)))
                .startsWith("Expected of run t-1: that its parent is run t-2\nbut it names no parent at event 1\n");
        assertThat(Messages.of(() -> assertThat(recorder).run(parent).handedOffTo(RunId.of("t-9"))))
                .startsWith("Expected of run t-1: one hand-off to run t-9\nbut it has 0\n");
        assertThat(Messages.of(() -> assertThat(recorder).run(child).isChildOf(RunId.of("t-9"))))
                .contains("but it says that its parent is t-1 at event 1");
    }

    @Test
    void oneEventOfARun() {
        RunId id = succeeded();
        assertThat(recorder).run(id).event(SUCCEEDED).hasId("t-1:3").hasField(EventField.DURATION_MS, 3000);
        assertThat(Messages.of(() -> assertThat(recorder).run(id).event(INCOMPLETE)))
                .startsWith("Expected of run t-1: one workflow.run.incomplete\nbut it emitted 0\n");
        assertThat(Messages.of(() -> assertThat(recorder).run(id).event(SUCCEEDED, 2)))
                .startsWith("Expected of run t-1: workflow.run.succeeded number 2\nbut it emitted 1\n");
    }

    @Test
    void theRunsOwnEventsAlone() {
        RunId id = running();
        retried(id, RetryPolicy.none());
        assertThat(recorder).run(id).withoutTasks().emittedExactly(QUEUED, RUNNING);
    }

    @Test
    void eachEventPassesItsOwnAssertion() {
        RunId id = succeeded();
        assertThat(recorder)
                .run(id)
                .emittedSatisfying(
                        event -> event.isOf(QUEUED),
                        event -> event.isOf(RUNNING).hasField(EventField.WORKER_ID, "w"),
                        event -> event.isOf(SUCCEEDED).hasField(EventField.DURATION_MS, 3000),
                        event -> event.isOf(COMPLETED));
    }

    @Test
    void theFirstEventThatDoesNotPassIsMarked() {
        RunId id = running();
        AssertionError failed = catchThrowableOfType(
                AssertionError.class,
                () -> assertThat(recorder)
                        .run(id)
                        .emittedSatisfying(
                                event -> event.isOf(QUEUED), event -> event.hasField(EventField.WORKER_ID, "another")));
        assertThat(Messages.plain(failed.getMessage())).isEqualTo("""
                        Run t-1 should have emitted 2 events that satisfy the assertions in this order
                        and differs first at event 2: Event t-1:2 workflow.run.running differs in workerId

                          field  expected  emitted
                          =>  workerId  another  w

                          #  event  id  after  thread  emitted at  fields
                          1  workflow.run.queued  t-1:1  0.000 s  main  RunsOfAKit.java:#
                          =>  2  workflow.run.running  t-1:2  2.000 s  main  RunsOfAKit.java:#  queueWaitMs=2000 workerId=w execution=1""");
        assertThat(failed.getCause()).hasMessageStartingWith("Event t-1:2");
    }

    @Test
    void anEventTooFewOrTooManyPassesNoAssertion() {
        RunId id = running();
        assertThat(Messages.of(() -> assertThat(recorder).run(id).emittedSatisfying(event -> event.isOf(QUEUED))))
                .startsWith("""
                        Run t-1 should have emitted one event that satisfies the assertions in this order
                        and differs first at event 2: workflow.run.running was emitted, which was not expected
                        """)
                .contains("=>  2  workflow.run.running");
        assertThat(Messages.of(() -> assertThat(recorder)
                        .run(id)
                        .emittedSatisfying(event -> event.isOf(QUEUED), event -> event.isOf(RUNNING), event -> {})))
                .contains("differs first at event 3: it is missing")
                .contains("=>  3  (missing) an event");
    }
}
