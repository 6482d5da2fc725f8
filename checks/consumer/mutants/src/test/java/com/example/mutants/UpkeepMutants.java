package com.example.mutants;

import java.util.List;

/** How it may happen that nobody looks after the runs. */
final class UpkeepMutants {
    private UpkeepMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("never-started", "The operations are built, and nobody starts them.")
                        .in("Upkeep.java", "operations.start()", "operations")
                        .failing(
                                "UpkeepTest#aDeadlineIsActedOn",
                                "OperationsContract.aDeadlineIsActedOn",
                                "are the operations started?"),
                Mutant.of("over-another-ledger", "The operations look after a ledger that has no runs.")
                        .in("Upkeep.java", "Operations.builder(ledger)", "Operations.builder(Ledger.builder().build())")
                        .failing(
                                "UpkeepTest#aRunOfALostProcessIsRecovered",
                                "OperationsContract.aRunOfALostProcessIsRecovered",
                                "are the operations started?"),
                Mutant.of("closed-at-once", "The operations are closed where they were started.")
                        .in(
                                "Upkeep.java",
                                "return new Upkeep(operations.start());",
                                "try (operations) {\n    return new Upkeep(operations.start());\n}")
                        .failing(
                                "UpkeepTest#aRunOfALostProcessIsRecovered",
                                "OperationsContract.aRunOfALostProcessIsRecovered",
                                "are the operations started?"));
    }
}
