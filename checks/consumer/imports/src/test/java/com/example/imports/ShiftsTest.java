package com.example.imports;

import static dev.runledger.event.WorkflowRunEvent.AWAITED;
import static dev.runledger.event.WorkflowRunEvent.CANCELLED;
import static dev.runledger.event.WorkflowRunEvent.COMPLETED;
import static dev.runledger.event.WorkflowRunEvent.DISPATCH_REFUSED;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.REQUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.event.EventField;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.testkit.LedgerExtension;
import dev.runledger.testkit.RecordingSink;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs that are taken, given back, taken again, and done again. */
@ExtendWith(LedgerExtension.class)
class ShiftsTest {
    private Shifts shifts;
    private WorkflowRun run;

    @BeforeEach
    void ordered(Ledger ledger) {
        shifts = new Shifts(ledger);
        run = ledger.dispatch(NewRun.of(Imports.WORKFLOW).target("prices.csv")).orElseThrow();
    }

    private RunId doneAgain() {
        shifts.done(run.id(), shifts.take(run.id(), "ada")).orElseThrow();
        return shifts.again(run.id(), "grace").orElseThrow().id();
    }

    @Test
    void whoeverLostTheRunEndsNothing(RecordingSink recorder) {
        String lost = shifts.take(run.id(), "ada");
        shifts.giveBack(run.id(), "ada", "m-1");
        shifts.take(run.id(), "grace");
        shifts.done(run.id(), lost);
        assertThat(recorder).run(run.id()).neverEmitted(SUCCEEDED);
    }

    @Test
    void whoeverGaveItBackIsNamed(RecordingSink recorder) {
        shifts.take(run.id(), "ada");
        shifts.giveBack(run.id(), "ada", "m-1");
        assertThat(recorder).run(run.id()).event(REQUEUED).hasField(EventField.ACTOR, "ada");
    }

    @Test
    void aMessageThatComesTwiceCountsOnce(RecordingSink recorder) {
        shifts.take(run.id(), "ada");
        shifts.giveBack(run.id(), "ada", "m-1");
        shifts.take(run.id(), "grace");
        shifts.giveBack(run.id(), "ada", "m-1");
        assertThat(recorder).run(run.id()).emittedExactly(QUEUED, RUNNING, REQUEUED, RUNNING);
    }

    @Test
    void twoMessagesCountTwice(RecordingSink recorder) {
        shifts.take(run.id(), "ada");
        shifts.giveBack(run.id(), "ada", "m-1");
        shifts.take(run.id(), "grace");
        shifts.giveBack(run.id(), "grace", "m-2");
        assertThat(recorder).run(run.id()).emittedExactly(QUEUED, RUNNING, REQUEUED, RUNNING, REQUEUED);
    }

    @Test
    void oneMessageMaySayBoth(RecordingSink recorder) {
        shifts.take(run.id(), "ada");
        shifts.giveBack(run.id(), "ada", "m-1");
        shifts.callOff(run.id(), "ada", "m-1");
        assertThat(recorder).run(run.id()).emittedExactly(QUEUED, RUNNING, REQUEUED, CANCELLED, COMPLETED);
    }

    @Test
    void whoeverCalledItOffIsNamed(RecordingSink recorder) {
        shifts.callOff(run.id(), "grace", "m-1");
        assertThat(recorder).run(run.id()).event(CANCELLED).hasField(EventField.ACTOR, "grace");
    }

    @Test
    void whatHasBegunSinceIsNotCalledOff(RecordingSink recorder) {
        shifts.take(run.id(), "ada");
        shifts.callOffAsSeen(run);
        assertThat(recorder).run(run.id()).neverEmitted(CANCELLED);
    }

    @Test
    void theSameWorkAgainNamesTheFirst(RecordingSink recorder) {
        assertThat(recorder).run(doneAgain()).event(QUEUED).hasField(EventField.REPLAY_OF_RUN_ID, run.id());
    }

    @Test
    void theSameWorkAgainIsNobodysChild(RecordingSink recorder) {
        assertThat(recorder).run(doneAgain()).event(QUEUED).doesNotHaveField(EventField.PARENT_RUN_ID);
    }

    @Test
    void theSameWorkAgainIsAnotherRun(RecordingSink recorder) {
        doneAgain();
        assertThat(recorder).emittedExactly(QUEUED, RUNNING, SUCCEEDED, COMPLETED, QUEUED);
    }

    @Test
    void whatIsTriedOutIsADraft(RecordingSink recorder) {
        RunId draft = shifts.tryOut("stock.csv").orElseThrow().id();
        assertThat(recorder).run(draft).event(QUEUED).hasField(EventField.CHANNEL, "draft");
    }

    @Test
    void twoAccountsAreTwoPlaces(RecordingSink recorder) {
        shifts.fetch("sftp://acme.example/in?account=4711");
        shifts.fetch("sftp://acme.example/in?account=4712");
        assertThat(recorder).neverEmitted(DISPATCH_REFUSED);
    }

    @Test
    void whoeverTookTheRunIsNamedInItsPlace(RecordingSink recorder) {
        shifts.done(run.id(), shifts.take(run.id(), "ada"));
        assertThat(recorder)
                .run(run.id())
                .emittedSatisfying(
                        event -> event.isOf(QUEUED).doesNotHaveField(EventField.WORKER_ID),
                        event -> event.isOf(RUNNING).hasField(EventField.WORKER_ID, "ada"),
                        event -> event.isOf(SUCCEEDED),
                        event -> event.isOf(COMPLETED).hasField(EventField.OUTCOME, "succeeded"));
    }

    @Test
    void whatIsDoneLaterIsDone(RecordingSink recorder) {
        laterDone(recorder);
    }

    @Test
    void thePlannerWaitsForTheEnd(RecordingSink recorder) throws Exception {
        laterDone(recorder);
        shifts.ended(run.id());
        assertThat(recorder).run(run.id()).emittedExactly(QUEUED, RUNNING, SUCCEEDED, COMPLETED, AWAITED);
    }

    private void laterDone(RecordingSink recorder) {
        shifts.doneLater(run.id(), shifts.take(run.id(), "ada"), work -> new Thread(work, "night-shift").start());
        assertThat(recorder)
                .within(Duration.ofSeconds(5), then -> then.run(run.id()).isEchoed());
    }
}
