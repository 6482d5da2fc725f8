package com.example.imports;

import dev.runledger.Ledger;
import dev.runledger.context.ContextCarrier;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.otel.OtelPlugin;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;

/** What listens to events: the log, the meters, the traces and the auditors. */
public final class Listeners {
    private Listeners() {}

    /** Adds them all. */
    public static Ledger.Builder to(
            Ledger.Builder ledger, MeterRegistry meters, OpenTelemetry telemetry, AuditTrail audit) {
        return ledger.sink(Slf4jSink.jsonMessage())
                .sink(MicrometerSink.of(meters))
                .install(OtelPlugin.of(telemetry))
                .sink(EventSink.queued(audit, 1_000))
                .carrier(ContextCarrier.mdc())
                .carrier(new TenantCarrier());
    }
}
