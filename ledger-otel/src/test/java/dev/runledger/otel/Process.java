package dev.runledger.otel;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.context.ContextCarrier;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import io.opentelemetry.api.OpenTelemetry;

/** One process of an application: the plugin, and a ledger on a store that others may use too. */
final class Process {
    final OtelPlugin otel;
    final Ledger ledger;
    final WorkflowRunEvents events;

    Process(OtelPlugin otel, RunStore store, MutableClock clock) {
        this.otel = otel;
        this.ledger = Ledger.builder()
                .store(store)
                .carrier(ContextCarrier.mdc())
                .install(otel)
                .clock(clock)
                .build();
        this.events = ledger.events();
    }

    static Process of(OpenTelemetry api, RunStore store, MutableClock clock) {
        return new Process(OtelPlugin.of(api), store, clock);
    }
}
