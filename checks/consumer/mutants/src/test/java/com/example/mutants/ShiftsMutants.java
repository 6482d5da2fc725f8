package com.example.mutants;

import java.util.List;

/** What may go wrong with claims, keys and versions, and where work is done again. */
final class ShiftsMutants {
    private ShiftsMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("one-worker", "Whoever takes a run has the same name.")
                        .in("Shifts.java", "ledger.start(id, worker)", "ledger.start(id, \"worker\")")
                        .failing(
                                "ShiftsTest#whoeverTookTheRunIsNamedInItsPlace",
                                "RunAssert.emittedSatisfying",
                                "differs first at event 2: Event"),
                Mutant.of("never-done", "What is to be done on another thread is done on none.")
                        .in("Shifts.java", "executor.execute(() -> done(id, claim));", "")
                        .failing("ShiftsTest#whatIsDoneLaterIsDone", "RecordingAssert.within", "Expected within PT5S"),
                Mutant.of("not-waited-for", "The planner looks at the run and does not wait for its end.")
                        .in("Shifts.java", "return ledger.await(id, PATIENCE);", "return ledger.history().run(id);")
                        .failing(
                                "ShiftsTest#thePlannerWaitsForTheEnd",
                                "RunAssert.emittedExactly",
                                "differs first at event 5: workflow.run.awaited is missing"),
                Mutant.of("stale-claim", "Whoever lost the run can end it.")
                        .in("Shifts.java", "ledger.succeed(id, CallOptions.expectedClaim(claim))", "ledger.succeed(id)")
                        .failing(
                                "ShiftsTest#whoeverLostTheRunEndsNothing",
                                "RunAssert.neverEmitted",
                                "should never have emitted workflow.run.succeeded"),
                Mutant.of("moved-since", "What has begun since is called off.")
                        .in("Shifts.java", ", CallOptions.expectedSeq(seen.seq())", "")
                        .failing(
                                "ShiftsTest#whatHasBegunSinceIsNotCalledOff",
                                "RunAssert.neverEmitted",
                                "should never have emitted workflow.run.cancelled"),
                Mutant.of("nobody-gave-back", "What is given back does not say by whom.")
                        .in(
                                "Shifts.java",
                                "CallOptions.actor(who).withIdempotencyKey(\"back-\" + message)",
                                "CallOptions.idempotencyKey(\"back-\" + message)")
                        .failing("ShiftsTest#whoeverGaveItBackIsNamed", "EventAssert.hasField", "differs in actor"),
                Mutant.of("nobody-called-off", "What is called off does not say by whom.")
                        .in(
                                "Shifts.java",
                                "CallOptions.actor(who).withIdempotencyKey(\"off-\" + message)",
                                "CallOptions.idempotencyKey(\"off-\" + message)")
                        .failing("ShiftsTest#whoeverCalledItOffIsNamed", "EventAssert.hasField", "differs in actor"),
                Mutant.of("no-key", "A message that comes twice counts twice.")
                        .in("Shifts.java", ".withIdempotencyKey(\"back-\" + message)", "")
                        .failing(
                                "ShiftsTest#aMessageThatComesTwiceCountsOnce",
                                "RunAssert.emittedExactly",
                                "differs first at event 5: workflow.run.requeued"),
                Mutant.of("one-key", "All messages have one key, and the second passes in silence.")
                        .in("Shifts.java", "\"back-\" + message", "\"back\"")
                        .failing(
                                "ShiftsTest#twoMessagesCountTwice",
                                "RunAssert.emittedExactly",
                                "differs first at event 5: workflow.run.requeued is missing"),
                Mutant.of("key-of-another-call", "Another call has the key of the first, and passes in silence.")
                        .in("Shifts.java", "\"off-\" + message", "\"back-\" + message")
                        .failing(
                                "ShiftsTest#oneMessageMaySayBoth",
                                "RunAssert.emittedExactly",
                                "differs first at event 4: workflow.run.cancelled is missing"),
                Mutant.of("given-back-as-failed", "A run is failed where it is given back.")
                        .in(
                                "Shifts.java",
                                "return ledger.requeue(id, \"the shift is over\", options);",
                                "return ledger.fail(id, dev.runledger.failure.Failure.of(\"the shift is over\"), options);")
                        .failing("ShiftsTest#whoeverGaveItBackIsNamed", "RunAssert.event", "one workflow.run.requeued"),
                Mutant.of("no-link", "The same work again does not say of which run.")
                        .in(
                                "Shifts.java",
                                "ledger.replay(id, run -> run, CallOptions.actor(who))",
                                "ledger.dispatch(NewRun.of(Imports.WORKFLOW).target(\"prices.csv\"), CallOptions.actor(who))")
                        .failing(
                                "ShiftsTest#theSameWorkAgainNamesTheFirst",
                                "EventAssert.hasField",
                                "differs in replayOfRunId"),
                Mutant.of("replay-as-child", "The same work again is a child of the first.")
                        .in("Shifts.java", "run -> run,", "run -> run.parentRunId(id),")
                        .failing(
                                "ShiftsTest#theSameWorkAgainIsNobodysChild",
                                "EventAssert.doesNotHaveField",
                                "has parentRunId="),
                Mutant.of("replay-of-the-same", "The same work again has the id of the first, and nobody does it.")
                        .in("Shifts.java", "run -> run,", "run -> run.id(id),")
                        .failing(
                                "ShiftsTest#theSameWorkAgainIsAnotherRun",
                                "RecordingAssert.emittedExactly",
                                "differs first at event 5: workflow.run.queued is missing"),
                Mutant.of("draft-as-live", "What is tried out counts.")
                        .in("Shifts.java", ".channel(NewRun.Channel.DRAFT)", "")
                        .failing("ShiftsTest#whatIsTriedOutIsADraft", "EventAssert.hasField", "differs in channel"),
                Mutant.of("masked-into-one", "Two accounts are masked into one place, and the second is refused.")
                        .in(
                                "Shifts.java",
                                ".target(place)",
                                ".target(place.replaceAll(\"account=.*\", \"account=***\"))")
                        .failing(
                                "ShiftsTest#twoAccountsAreTwoPlaces",
                                "RecordingAssert.neverEmitted",
                                "should never have emitted workflow.run.dispatch_refused"));
    }
}
