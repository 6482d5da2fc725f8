package com.example.mutants;

import java.util.List;

/** What may go wrong where a host keeps its own table. */
final class ExportsMutants {
    private ExportsMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("end-emitted-twice", "The end is emitted twice.")
                        .in("Exports.java", "        notices.accept(id);", """
                                events.log(
                                        WorkflowRunEvent.SUCCEEDED,
                                        row.fields().duration(Duration.ZERO).queueWait(Duration.ZERO).suspended(Duration.ZERO));
                                notices.accept(id);""")
                        .failing(
                                "ExportsTest#anExportEmitsItsEvents",
                                "RunAssert.emittedExactly",
                                "workflow.run.succeeded was emitted again, as the same event export-1:3"),
                Mutant.of("release-emitted-twice", "The release is emitted twice, as one event.")
                        .in("Exports.java", "events.log(WorkflowRunEvent.RESUMED, resumed);", """
                        events.log(WorkflowRunEvent.RESUMED, resumed);
                        events.log(WorkflowRunEvent.RESUMED, resumed);""")
                        .failing(
                                "ExportsTest#whatIsReleasedMayBeHeldAgain",
                                "EMITTED_TWICE",
                                "was emitted again, as the same event export-1:4"),
                Mutant.of("release-not-emitted", "The release is not emitted.")
                        .in("Exports.java", "events.log(WorkflowRunEvent.RESUMED, resumed);", "")
                        .failing(
                                "ExportsTest#whatWasHeldIsMeasuredByTheClock",
                                "ORDER",
                                "has seq 5 and comes after seq 3: what is between was never emitted"),
                Mutant.of("worker-before-order", "The start of the worker is emitted before the order is.")
                        .in("Exports.java", """
                        events.log(WorkflowRunEvent.QUEUED, queued.fields());
                                events.log(WorkflowRunEvent.RUNNING, begun.fields().workerId(worker).queueWait(Duration.ZERO));""", """
                        events.log(WorkflowRunEvent.RUNNING, begun.fields().workerId(worker).queueWait(Duration.ZERO));
                                events.log(WorkflowRunEvent.QUEUED, queued.fields());""")
                        .failing(
                                "ExportsTest#whatAWorkerLeftIsAdopted",
                                "RunAssert.emittedExactly",
                                "differs first at event 1: workflow.run.running was emitted where workflow.run.queued was expected"),
                Mutant.of(
                                "late-order",
                                "The order of what was adopted has the number of the start, and the start that of the order.")
                        .in("Exports.java", """
                        events.log(WorkflowRunEvent.QUEUED, queued.fields());
                                events.log(WorkflowRunEvent.RUNNING, begun.fields().workerId(worker).queueWait(Duration.ZERO));""", """
                        events.log(WorkflowRunEvent.QUEUED, begun.fields());
                                events.log(
                                        WorkflowRunEvent.RUNNING, queued.fields().workerId(worker).queueWait(Duration.ZERO));""")
                        .failing(
                                "ExportsTest#whatAWorkerLeftIsAdopted",
                                "ORDER",
                                "has seq 1 and was emitted after seq 2 by the same thread"),
                Mutant.of("no-wait", "The wait in the queue is not measured.")
                        .in(
                                "Exports.java",
                                "Duration wait = Duration.between(row.queuedAt(), now);",
                                "Duration wait = Duration.ZERO;")
                        .failing(
                                "ExportsTest#anExportWaitsForItsWorker",
                                "RunAssert.waitedInQueue",
                                "says queueWaitMs=0"),
                Mutant.of("wait-counts", "A failed export counts the queue as its own time.")
                        .in("Exports.java", """
                        .duration(Duration.between(row.startedAt(), now))
                                                .suspended(row.suspended())
                                                .reason("cannot""", """
                        .duration(Duration.between(row.queuedAt(), now))
                                                .suspended(row.suspended())
                                                .reason("cannot""")
                        .failing(
                                "ExportsTest#aFailedExportTookAsLongAsItRan", "RunAssert.took", "says durationMs=2000"),
                Mutant.of("all-waits", "A release reports the time of all waits as that of the last.")
                        .in("Exports.java", "row.suspended().minus(before)", "row.suspended()")
                        .failing(
                                "ExportsTest#whatWasHeldIsMeasuredByTheClock",
                                "RunAssert.hasConsistentDurations",
                                "says suspendedMs=259200000, but the times of its events say 172800000"),
                Mutant.of("no-guard", "A customer may have two exports under way.")
                        .in("Exports.java", "if (busy || key.isEmpty()) {", "if (key.isEmpty()) {")
                        .failing(
                                "ExportsTest#oneAtATimeForACustomer",
                                "RecordingAssert.hadAtMostOneInFlight",
                                "at most one run in flight on export on acme"),
                Mutant.of("no-why", "A refusal does not say why.")
                        .in("Exports.java", ".reason(busy ? \"under way\" : \"no key\")", "")
                        .failing("ExportsTest#aRefusalSaysWhy", "EventAssert.keepsTheContract", "missing reason"),
                Mutant.of("undead", "What has ended is cancelled.")
                        .in("Exports.java", "if (find(id).hasEnded()) {", "if (reason.isEmpty()) {")
                        .failing(
                                "ExportsTest#whatHasEndedStaysEnded",
                                "RunAssert.hasNothingAfterItsEnd",
                                "nothing after its end"),
                Mutant.of("no-number", "The start has no number, so its id is another every time.")
                        .in(
                                "Exports.java",
                                "row.fields().workerId(worker).queueWait(wait)",
                                "EventFields.of().runId(id).workflowName(\"export\").workerId(worker).queueWait(wait)")
                        .failing("ExportsTest#theTableNumbersItsChanges", "EventAssert.hasId", "eventId=export-1:2"),
                Mutant.of("letter-first", "The customer gets a letter before the end is emitted.")
                        .in("Exports.java", """
                                events.log(
                                        WorkflowRunEvent.SUCCEEDED,
                                        row.fields()
                                                .duration(Duration.between(row.startedAt(), now))
                                                .queueWait(row.queueWait())
                                                .suspended(row.suspended())
                                                .put("firstRow", head));
                                notices.accept(id);""", """
                                notices.accept(id);
                                events.log(
                                        WorkflowRunEvent.SUCCEEDED,
                                        row.fields()
                                                .duration(Duration.between(row.startedAt(), now))
                                                .queueWait(row.queueWait())
                                                .suspended(row.suspended())
                                                .put("firstRow", head));""")
                        .failing(
                                "ExportsTest#theEndIsNotTheLetter",
                                "EventAssert.happenedAt",
                                "happened at 2026-01-01T00:01:02Z"),
                Mutant.of("other-thread", "Another thread emits the release.")
                        .in("Exports.java", "events.log(WorkflowRunEvent.RESUMED, resumed);", """
                        java.util.concurrent.CompletableFuture.runAsync(
                                        () -> events.log(WorkflowRunEvent.RESUMED, resumed), task -> new Thread(task, "emitter").start())
                                .join();""")
                        .failing(
                                "ExportsTest#theThreadThatReleasesEmits",
                                "RunAssert.wasEmittedByThisThread",
                                "emitted workflow.run.resumed on thread emitter"),
                Mutant.of("no-reason", "A run is cancelled without a reason.")
                        .in("Exports.java", """
                        .suspended(row.suspended())
                                                .reason(reason));""", ".suspended(row.suspended()));")
                        .failing("ExportsTest#whatIsQueuedMayBeCalledOff", "VIOLATION", "missing reason"),
                Mutant.of("misspelt", "A custom field is misspelt.")
                        .in("Exports.java", ".put(\"quota\", quota)", ".put(\"qouta\", quota)")
                        .failing(
                                "ExportsTest#whatIsReleasedMayBeHeldAgain",
                                "UNKNOWN_FIELD",
                                "has custom fields that the test does not allow: qouta"),
                Mutant.of("before-commit", "The order is emitted before it is committed.")
                        .in("Exports.java", """
                        connection.commit();
                                    events.log(WorkflowRunEvent.QUEUED, row.fields());""", """
                        events.log(WorkflowRunEvent.QUEUED, row.fields());
                                    connection.commit();""")
                        .failing(
                                "ExportsTest#nothingIsEmittedBeforeItsCommit",
                                "OPEN_TRANSACTION",
                                "was emitted while a transaction of its thread was open"),
                Mutant.of("whole-row", "A row is emitted whole, however long it is.")
                        .in("Exports.java", ".put(\"firstRow\", head)", ".put(\"firstRow\", firstRow)")
                        .failing("ExportsTest#aLongRowIsCut", "TRUNCATED", "had a value that was too long"),
                Mutant.of("password-in-url", "The place is emitted with user and password.")
                        .in("Exports.java", "url.replaceAll(\"//.*@\", \"//\")", "url")
                        .failing(
                                "ExportsTest#aPlaceHasNoPassword",
                                "REDACTED",
                                "had what looks like a secret in reason"),
                Mutant.of("key-as-delivery", "The key of the customer is emitted as the id of the delivery.")
                        .in(
                                "Exports.java",
                                "events.log(WorkflowRunEvent.QUEUED, row.fields());",
                                "events.log(WorkflowRunEvent.QUEUED, row.fields().deliveryId(key));")
                        .failing(
                                "ExportsTest#aKeyIsNobodysBusiness",
                                "LEAKED",
                                "shows the canary's secret() to every sink"),
                Mutant.of("requeue-not-emitted", "What is given back is not emitted.")
                        .in("Exports.java", "events.log(WorkflowRunEvent.REQUEUED, over);", "")
                        .failing(
                                "ExportsTest#whatIsGivenBackIsBegunAgain",
                                "RunAssert.emittedExactly",
                                "differs first at event 3"),
                Mutant.of("requeue-emitted-twice", "What is given back is emitted twice, as one event.")
                        .in("Exports.java", "events.log(WorkflowRunEvent.REQUEUED, over);", """
                        events.log(WorkflowRunEvent.REQUEUED, over);
                        events.log(WorkflowRunEvent.REQUEUED, over);""")
                        .failing(
                                "ExportsTest#anotherWorkerHasIt",
                                "EMITTED_TWICE",
                                "was emitted again, as the same event export-1:3"),
                Mutant.of("requeue-without-reason", "What is given back does not say why.")
                        .in("Exports.java", "over.reason(why).put(EventField", "over.put(EventField")
                        .failing("ExportsTest#anotherWorkerHasIt", "VIOLATION", "missing reason"),
                Mutant.of("requeued-as-queued", "What is given back is emitted as a new order.")
                        .in(
                                "Exports.java",
                                "events.log(WorkflowRunEvent.REQUEUED, over);",
                                "events.log(WorkflowRunEvent.QUEUED, row.fields());")
                        .failing("ExportsTest#anotherWorkerHasIt", "ORDER", "does not follow from RUNNING"),
                Mutant.of("same-execution", "Every execution is the first.")
                        .in("ExportRow.java", "version + 1, execution + 1,", "version + 1, 1,")
                        .failing(
                                "ExportsTest#anotherWorkerHasIt",
                                "ORDER",
                                "is execution 1 and comes after execution 1"),
                Mutant.of("old-queue", "The second wait in the queue counts from the first.")
                        .in("ExportRow.java", "execution, now, startedAt, null", "execution, queuedAt, startedAt, null")
                        .failing(
                                "ExportsTest#theQueueIsMeasuredAnewAndTheRunIsNot",
                                "RunAssert.hasConsistentDurations",
                                "says queueWaitMs=5000, but the times of its events say 3000"),
                Mutant.of("new-start", "The second execution forgets when the run started.")
                        .in("ExportRow.java", "startedAt == null ? now : startedAt", "now")
                        .failing(
                                "ExportsTest#theQueueIsMeasuredAnewAndTheRunIsNot",
                                "RunAssert.hasConsistentDurations",
                                "says durationMs=1000, but the times of its events say 5000"));
    }
}
