package com.example.mutants;

import java.util.List;

/** What may go wrong around a transaction, and beside the ledger. */
final class OrdersMutants {
    private OrdersMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(
                                "committed-too-early",
                                "The unit of work hears of the commit before there is one, and finds nothing committed.")
                        .in("Orders.java", """
                        connection.commit();
                                        unit.committed();""", """
                        unit.committed();
                                        connection.commit();""")
                        .failing(
                                "OrdersTest#anOrderIsEmitted",
                                "RunAssert.emittedExactly",
                                "differs first at event 1: workflow.run.queued is missing"),
                Mutant.of("commit-not-reported", "The unit of work never hears of the commit.")
                        .in("Orders.java", "unit.committed();", "")
                        .failing(
                                "OrdersTest#anOrderIsEmitted",
                                "RunAssert.emittedExactly",
                                "differs first at event 1: workflow.run.queued is missing"),
                Mutant.of(
                                "past-the-transaction",
                                "The run is dispatched outside the transaction, and stays when the order does not.")
                        .in("Orders.java", """
                        insert(connection, customer, file);
                                        NewRun run = NewRun.of(Imports.WORKFLOW).target(file);
                                        RunId id = ledger.in(unit).dispatch(run).orElseThrow().id();""", """
                        NewRun run = NewRun.of(Imports.WORKFLOW).target(file);
                                        RunId id = ledger.dispatch(run).orElseThrow().id();
                                        insert(connection, customer, file);""")
                        .failing(
                                "OrdersTest#anOrderThatIsNotKeptIsNotEmitted",
                                "RecordingAssert.onlyRun",
                                "of these there are 2"),
                Mutant.of("name-by-hand", "A line of the log is called like an event.")
                        .in("Orders.java", "\"order withdrawn: {}\"", "\"workflow.run.cancelled: {}\"")
                        .failing(
                                "RulesTest#theServiceAsksTheLedger",
                                "LedgerRules.eventNamesComeFromTheVocabulary",
                                "emit WorkflowRunEvent.CANCELLED instead"),
                Mutant.of("past-the-ledger", "The store is asked past the ledger.")
                        .in(
                                "Orders.java",
                                "ledger.cancel(id, \"withdrawn\");",
                                "store.apply(new dev.runledger.store.RunChange.Cancel(id, \"withdrawn\", dev.runledger.store.StoreCommand.Head.of()));")
                        .failing(
                                "RulesTest#theServiceAsksTheLedger",
                                "LedgerRules.onlyTheLedgerChangesAStore",
                                "a change that does not go through the ledger is stored, and no sink gets its event"),
                Mutant.of("row-by-hand", "A row of the ledger is deleted by hand.")
                        .in(
                                "Orders.java",
                                "DELETE FROM shop_order WHERE file = ?",
                                "DELETE FROM ledger_run WHERE target = ?")
                        .failing(
                                "RulesTest#theServiceAsksTheLedger",
                                "LedgerRules.onlyTheLedgerWritesItsTables",
                                "it writes ledger_run; call the Ledger instead"));
    }
}
