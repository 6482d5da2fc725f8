package com.example.imports;

import static dev.runledger.event.WorkflowRunEvent.CANCELLED;
import static dev.runledger.event.WorkflowRunEvent.COMPLETED;
import static dev.runledger.event.WorkflowRunEvent.DISPATCH_REFUSED;
import static dev.runledger.event.WorkflowRunEvent.FAILED;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RESUMED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static dev.runledger.event.WorkflowRunEvent.SUSPENDED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runledger.Ledger;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.testkit.LedgerExtension;
import dev.runledger.testkit.MutableClock;
import dev.runledger.testkit.RecordingSink;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;

@ExtendWith(LedgerExtension.class)
class ImportsTest {
    private final Files files = new Files();
    private Imports imports;

    @BeforeEach
    void imports(Ledger ledger, MutableClock clock) {
        imports = new Imports(ledger, files, files, clock);
    }

    private RunId ordered(String file) {
        return imports.order(file, "acme").orElseThrow().id();
    }

    private RunId worked(String file) throws Exception {
        RunId id = ordered(file);
        imports.work(id, "worker-1").orElseThrow();
        return id;
    }

    @Test
    void aFileIsDownloadedAndLoaded(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 2);
        assertThat(recorder)
                .run(worked("prices.csv"))
                .emittedExactly(
                        QUEUED,
                        RUNNING,
                        TaskRunEvent.STARTED,
                        TaskRunEvent.SUCCEEDED,
                        TaskRunEvent.STARTED,
                        TaskRunEvent.PROGRESS,
                        TaskRunEvent.PROGRESS,
                        TaskRunEvent.SUCCEEDED,
                        SUCCEEDED,
                        COMPLETED);
        assertThat(files.loaded()).hasSize(2);
    }

    @Test
    void everyRowIsProgress(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 3);
        assertThat(recorder)
                .run(worked("prices.csv"))
                .event(TaskRunEvent.PROGRESS, 3)
                .hasField(EventField.DONE, 3);
    }

    @Test
    void progressShowsNoRow(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 1);
        assertThat(recorder)
                .run(worked("prices.csv"))
                .event(TaskRunEvent.PROGRESS)
                .hasField(EventField.NOTE, "rows");
    }

    @Test
    void aFormIsKeptAndNotEmitted(RecordingSink recorder) {
        RunId id =
                imports.orderByForm("prices.csv", "{\"rows\":3}").orElseThrow().id();
        assertThat(recorder).run(id).event(QUEUED).doesNotHaveField("form");
    }

    @Test
    void aBrokenConnectionIsExpected(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 1).breaking(2);
        assertThat(recorder).run(worked("prices.csv")).hadExpectedRetries(2);
    }

    @Test
    void aLockedWarehouseIsNot(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 1).locked(1);
        assertThat(recorder).run(worked("prices.csv")).hadUnexpectedRetries(1);
    }

    @Test
    void aBadDay(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 1).breaking(1).locked(1);
        assertThat(recorder).run(worked("prices.csv")).hadRetries(1, 1);
    }

    @Test
    void aFileWithoutHeaderIsNoSurprise(RecordingSink recorder) throws Exception {
        files.withEmpty("prices.csv");
        assertThat(recorder).run(worked("prices.csv")).event(FAILED).hasLevel(Level.WARN);
    }

    @Test
    void aFileWithoutHeaderIsTheCustomersFault(RecordingSink recorder) throws Exception {
        files.withEmpty("prices.csv");
        assertThat(recorder).run(worked("prices.csv")).event(FAILED).hasField(EventField.ERROR_CATEGORY, "schema");
    }

    @Test
    void threeRowsNeedNobody(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 3);
        assertThat(recorder).run(worked("prices.csv")).neverEmitted(SUSPENDED);
    }

    @Test
    void fourRowsWaitTwoDaysForAnApproval(RecordingSink recorder, MutableClock clock) throws Exception {
        files.with("prices.csv", 4);
        assertThat(recorder)
                .run(worked("prices.csv"))
                .event(SUSPENDED)
                .hasFields(EventFields.of()
                        .put(EventField.REASON_CODE, "approval")
                        .put(EventField.DEADLINE, clock.instant().plus(Duration.ofDays(2)))
                        .put(EventField.CORRELATION_KEY, "prices.csv"));
    }

    @Test
    void anApprovedFileIsLoaded(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 4);
        RunId id = worked("prices.csv");
        imports.decide(id, true, "ada").orElseThrow();
        imports.work(id, "worker-2").orElseThrow();
        assertThat(recorder)
                .run(id)
                .withoutTasks()
                .emittedExactly(QUEUED, RUNNING, SUSPENDED, RESUMED, SUCCEEDED, COMPLETED);
    }

    @Test
    void aRejectionIsADecision(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 4);
        RunId id = worked("prices.csv");
        imports.decide(id, false, "ada").orElseThrow();
        assertThat(recorder)
                .run(id)
                .event(RESUMED)
                .hasField(EventField.DECISION, "rejected")
                .hasField(EventField.ACTOR, "ada");
    }

    @Test
    void theContentOfAnArchiveIsItsChild(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 1);
        RunId archive = ordered("prices.zip");
        imports.work(archive, "worker-1");
        RunId content = recorder.eventsOf(QUEUED)
                .get(1)
                .text(EventField.RUN_ID)
                .map(RunId::of)
                .orElseThrow();
        assertThat(recorder).run(content).isChildOf(archive);
    }

    @Test
    void anArchiveHandsItsContentOver(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 1);
        RunId archive = ordered("prices.zip");
        imports.work(archive, "worker-1");
        RunId content = recorder.eventsOf(QUEUED)
                .get(1)
                .text(EventField.RUN_ID)
                .map(RunId::of)
                .orElseThrow();
        imports.work(content, "worker-1").orElseThrow();
        imports.contentLoaded(archive).orElseThrow();
        assertThat(recorder).run(archive).handedOffTo(content);
    }

    @Test
    void aFileThatIsUnderWayIsRefused(RecordingSink recorder) {
        RunId first = ordered("prices.csv");
        imports.order("prices.csv", "acme");
        assertThat(recorder)
                .event(DISPATCH_REFUSED)
                .hasField(EventField.REASON_CODE, "in_flight")
                .hasField(EventField.IN_FLIGHT_RUN_ID, first);
    }

    @Test
    void aReportIsOrderedOnce(RecordingSink recorder) {
        imports.orderReport("2026-01");
        imports.orderReport("2026-01");
        assertThat(recorder).onlyRun().emittedExactly(QUEUED);
    }

    @Test
    void anEmptyFolderIsNoRefusal(RecordingSink recorder) {
        imports.sweep(List.of());
        assertThat(recorder).neverEmitted(DISPATCH_REFUSED);
    }

    @Test
    void aFolderIsSweptForNobody(RecordingSink recorder) {
        imports.sweep(List.of("prices.csv"));
        assertThat(recorder).event(QUEUED).doesNotHaveField("customer");
    }

    @Test
    void aPictureIsNoFile(RecordingSink recorder) {
        assertThatIllegalArgumentException().isThrownBy(() -> imports.order("cat.gif", "acme"));
        assertThat(recorder).emittedNothing();
    }

    @Test
    void whatNobodyHasBegunIsCalledOff(RecordingSink recorder) {
        ordered("prices.csv");
        ordered("stock.csv");
        imports.cancelAll("holiday");
        assertThat(recorder).emittedExactly(QUEUED, QUEUED, CANCELLED, COMPLETED, CANCELLED, COMPLETED);
    }

    @Test
    void anOrderSaysThisAndNoMore(RecordingSink recorder) {
        RunId id = ordered("prices.csv");
        assertThat(recorder)
                .run(id)
                .event(QUEUED)
                .hasExactlyFields(EventFields.of()
                        .runId(id)
                        .put(EventField.SEQ, 1)
                        .workflowName("import")
                        .target("prices.csv")
                        .put(EventField.CHANNEL, "live")
                        .put("customer", "acme"));
    }

    @Test
    void whoeverComesSecondGetsNothing(RecordingSink recorder) throws Exception {
        files.with("prices.csv", 1);
        RunId id = worked("prices.csv");
        assertThat(imports.work(id, "worker-2")).isInstanceOf(Transition.Rejected.class);
        assertThat(recorder).run(id).hasNothingAfterItsEnd();
    }
}
