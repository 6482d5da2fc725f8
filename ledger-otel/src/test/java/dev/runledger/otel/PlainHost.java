package dev.runledger.otel;

import dev.runledger.Ledger;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import java.util.List;
import java.util.concurrent.Callable;

/** An application that has this module on its class path, but not OpenTelemetry. */
public final class PlainHost implements Callable<List<String>> {
    /** Called by reflection, in another class loader. */
    public PlainHost() {}

    @Override
    public List<String> call() {
        Ledger ledger = Ledger.builder().build();
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.execute(id, "w", scope -> scope.task("step", task -> RunOutcome.succeeded()));
        return List.of(ledger.history().run(id).orElseThrow().state().name());
    }
}
