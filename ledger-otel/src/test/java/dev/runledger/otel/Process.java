package dev.runledger.otel;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.context.ContextCarrier;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import io.opentelemetry.api.OpenTelemetry;

/** What one process of a host has: a sink, its carrier and a ledger on a store that others may use too. */
final class Process {
    final OtelSink sink;
    final WorkflowRunEvents events;
    final Ledger ledger;

    Process(OtelSink sink, RunStore store, MutableClock clock) {
        this.sink = sink;
        this.events = WorkflowRunEvents.builder()
                .sink(sink)
                .carrier(ContextCarrier.mdc())
                .carrier(sink.carrier())
                .clock(clock)
                .build();
        this.ledger = Ledger.builder().store(store).events(events).build();
    }

    static Process of(OpenTelemetry api, RunStore store, MutableClock clock) {
        return new Process(OtelSink.of(api), store, clock);
    }
}
