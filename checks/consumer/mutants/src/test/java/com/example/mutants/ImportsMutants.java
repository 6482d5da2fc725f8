package com.example.mutants;

import java.util.List;

/** What may go wrong where the ledger keeps the runs. */
final class ImportsMutants {
    private ImportsMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("asks-twice", "An approved file waits for an approval again.")
                        .in("Imports.java", " && decided.isEmpty()", "")
                        .failing(
                                "ImportsTest#anApprovedFileIsLoaded",
                                "RunAssert.emittedExactly",
                                "differs first at event 5: workflow.run.suspended was emitted where workflow.run.succeeded was expected"),
                Mutant.of("waits-too-soon", "Three rows wait for an approval already.")
                        .in("Imports.java", "count > MOST_ROWS", "count >= MOST_ROWS")
                        .failing(
                                "ImportsTest#threeRowsNeedNobody",
                                "RunAssert.neverEmitted",
                                "should never have emitted workflow.run.suspended"),
                Mutant.of("waits-two-hours", "The deadline of the approval is hours away and not days.")
                        .in("Imports.java", "Duration.ofDays(2)", "Duration.ofHours(2)")
                        .failing(
                                "ImportsTest#fourRowsWaitTwoDaysForAnApproval",
                                "EventAssert.hasFields",
                                "differs in deadline"),
                Mutant.of("silent-progress", "Progress is emitted at the last row alone.")
                        .in(
                                "Imports.java",
                                "task.progress(\"rows\", i, count);",
                                "if (i == count) task.progress(\"rows\", i, count);")
                        .failing(
                                "ImportsTest#everyRowIsProgress", "RunAssert.event", "workflow.task.progress number 3"),
                Mutant.of("no-policy", "The download has no policy that expects another attempt.")
                        .in("Imports.java", "RetryPolicy.upTo(3, Duration.ofSeconds(30))", "RetryPolicy.none()")
                        .failing(
                                "ImportsTest#aBrokenConnectionIsExpected",
                                "RunAssert.hadExpectedRetries",
                                "had 0 expected and 2 unexpected"),
                Mutant.of("tolerant-policy", "The policy of the load expects that the warehouse is locked.")
                        .in(
                                "Imports.java",
                                "NewTask.of(\"load\").retry(RetryPolicy.none())",
                                "NewTask.of(\"load\").retry(RetryPolicy.upTo(2, Duration.ZERO))")
                        .failing(
                                "ImportsTest#aLockedWarehouseIsNot",
                                "RunAssert.hadUnexpectedRetries",
                                "had 1 expected and 0 unexpected"),
                Mutant.of("new-task", "A further attempt is recorded as a new task.")
                        .in("Attempts.java", "TaskTransition unused = task.retry();", "task = run.task(step);")
                        .failing("ImportsTest#aBadDay", "RunAssert.hadRetries", "had 0 expected and 0 unexpected"),
                Mutant.of("error-level", "A file without a header is reported as an error that nobody caught.")
                        .in(
                                "Imports.java",
                                "Failure.of(\"no header\", Failure.Category.SCHEMA)",
                                "Failure.builder(\"no header\").category(Failure.Category.SCHEMA).uncaught(true).build()")
                        .failing(
                                "ImportsTest#aFileWithoutHeaderIsNoSurprise",
                                "EventAssert.hasLevel",
                                "is logged at ERROR"),
                Mutant.of("wrong-category", "The failure says a wrong category.")
                        .in("Imports.java", "Failure.Category.SCHEMA", "Failure.Category.BUG")
                        .failing(
                                "ImportsTest#aFileWithoutHeaderIsTheCustomersFault",
                                "EventAssert.hasField",
                                "differs in errorCategory"),
                Mutant.of("rejection-cancels", "A rejection cancels the run, and no event has the decision.")
                        .in(
                                "Imports.java",
                                "return ledger.resume(id, Resumption.of(decision, actor));",
                                "return approved ? ledger.resume(id, Resumption.of(decision, actor)) : ledger.cancel(id, decision);")
                        .failing("ImportsTest#aRejectionIsADecision", "RunAssert.event", "one workflow.run.resumed"),
                Mutant.of("orphan", "The content of an archive is dispatched as a run of its own.")
                        .in("Imports.java", "return RunOutcome.handedOff(content);", """
                        ledger.dispatch(content);
                        return RunOutcome.succeeded();""")
                        .failing(
                                "ImportsTest#theContentOfAnArchiveIsItsChild",
                                "RunAssert.isChildOf",
                                "names no parent"),
                Mutant.of("no-hand-off", "The content names the archive as its parent, which has handed nothing over.")
                        .in("Imports.java", "return RunOutcome.handedOff(content);", """
                        ledger.dispatch(content.parentRunId(run.runId()));
                        return RunOutcome.succeeded();""")
                        .failing(
                                "ImportsTest#anArchiveHandsItsContentOver",
                                "RunAssert.handedOffTo",
                                "one hand-off to run"),
                Mutant.of("silent-refusal", "A file that is under way is looked up, and its refusal is not emitted.")
                        .in("Imports.java", "NewRun run = NewRun.of(WORKFLOW).target(file);", """
                        NewRun run = NewRun.of(WORKFLOW).target(file);
                        RunQuery same = RunQuery.builder().target(run.target().orElseThrow()).build();
                        for (WorkflowRun standing : ledger.history().page(same).runs()) {
                            return new Dispatch.AlreadyQueued(standing);
                        }""")
                        .failing(
                                "ImportsTest#aFileThatIsUnderWayIsRefused",
                                "RecordingAssert.event",
                                "exactly one workflow.run.dispatch_refused, but 0 were emitted"),
                Mutant.of("two-reports", "A report has no id, so the scheduler makes two.")
                        .in("Imports.java", ".id(RunId.of(\"report-\" + month))", "")
                        .failing("ImportsTest#aReportIsOrderedOnce", "RecordingAssert.onlyRun", "of these there are 2"),
                Mutant.of("empty-is-refused", "An empty folder is recorded as a refusal.")
                        .in("Imports.java", "if (files.isEmpty()) {", """
                        if (files.isEmpty()) {
                            ledger.refuse(NewRun.of(WORKFLOW), "the folder is empty");""")
                        .failing(
                                "ImportsTest#anEmptyFolderIsNoRefusal",
                                "RecordingAssert.neverEmitted",
                                "should never have emitted workflow.run.dispatch_refused"),
                Mutant.of("emitted-and-thrown", "What is thrown at the caller is emitted as well.")
                        .in("Imports.java", "throw new IllegalArgumentException(", """
                        ledger.refuse(NewRun.of(WORKFLOW), "no file of ours");
                        throw new IllegalArgumentException(""")
                        .failing(
                                "ImportsTest#aPictureIsNoFile",
                                "RecordingAssert.emittedNothing",
                                "Expected that nothing was emitted"),
                Mutant.of("customer-nobody", "A customer is made up where there is none.")
                        .in("Imports.java", "order(file, null)", "order(file, \"nobody\")")
                        .failing(
                                "ImportsTest#aFolderIsSweptForNobody",
                                "EventAssert.doesNotHaveField",
                                "has customer=nobody"),
                Mutant.of("forgets-one", "Of the queued runs only the first is cancelled.")
                        .in(
                                "Imports.java",
                                "for (WorkflowRun run : queued) {",
                                "for (WorkflowRun run : queued.stream().limit(1).toList()) {")
                        .failing(
                                "ImportsTest#whatNobodyHasBegunIsCalledOff",
                                "RecordingAssert.emittedExactly",
                                "differs first at event 5: workflow.run.cancelled is missing"),
                Mutant.of("one-field-more", "An order says more than was agreed.")
                        .in(
                                "Imports.java",
                                ".put(\"customer\", customer)",
                                ".put(\"customer\", customer).put(\"length\", file.length())")
                        .failing(
                                "ImportsTest#anOrderSaysThisAndNoMore",
                                "EventAssert.hasExactlyFields",
                                "differs in length"),
                Mutant.of("row-in-progress", "Progress shows a row of the customer.")
                        .in("Imports.java", "task.progress(\"rows\", i, count)", "task.progress(rows.get(i), i, count)")
                        .failing("ImportsTest#progressShowsNoRow", "EventAssert.hasField", "differs in note"),
                Mutant.of("form-in-event", "What a form brought is emitted with the order.")
                        .in(
                                "Imports.java",
                                "return ledger.dispatch(NewRun.of(WORKFLOW).target(file).trigger(trigger));",
                                "return ledger.dispatch(NewRun.of(WORKFLOW).target(file).trigger(trigger), CallOptions.customFields(EventFields.of().put(\"form\", form)));")
                        .failing("ImportsTest#aFormIsKeptAndNotEmitted", "EventAssert.doesNotHaveField", "has form="));
    }
}
