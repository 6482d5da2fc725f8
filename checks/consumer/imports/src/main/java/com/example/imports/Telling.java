package com.example.imports;

import dev.runledger.WorkflowRunEvents;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.otel.OtelSink;
import dev.runledger.context.ContextCarrier;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;

/** Who is told: the log, the meters, the traces and the auditors. */
public final class Telling {
    private Telling() {}

    /** Adds them all. */
    public static WorkflowRunEvents.Builder to(
            WorkflowRunEvents.Builder events, MeterRegistry meters, OpenTelemetry telemetry, AuditTrail audit) {
        OtelSink otel = OtelSink.of(telemetry);
        return events.sink(Slf4jSink.jsonMessage())
                .sink(MicrometerSink.of(meters))
                .sink(otel)
                .carrier(otel.carrier())
                .sink(EventSink.queued(audit, 1_000))
                .carrier(ContextCarrier.mdc())
                .carrier(new TenantCarrier());
    }
}
