package com.example.imports;

import dev.runledger.Ledger;
import dev.runledger.operations.Operations;
import dev.runledger.operations.RunPolicy;
import dev.runledger.operations.RunPolicy.ChildFailure;
import java.time.Duration;

/** What runs beside the imports, so that none stays where it is. Closed before the ledger. */
public final class Upkeep implements AutoCloseable {
    private static final Duration KEPT = Duration.ofDays(90);

    private final Operations operations;

    private Upkeep(Operations operations) {
        this.operations = operations;
    }

    /** Starts the operations of this ledger. */
    public static Upkeep start(Ledger ledger, Duration sweepEvery) {
        Operations operations = Operations.builder(ledger)
                .policy(RunPolicy.defaults().executions(2).keep(KEPT))
                .policy(Imports.WORKFLOW, RunPolicy.defaults().endsWithChildren(ChildFailure.FAIL))
                .sweepEvery(sweepEvery)
                .build();
        return new Upkeep(operations.start());
    }

    @Override
    public void close() {
        operations.close();
    }
}
