package dev.runledger.benchmarks;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;

/** The same span and the same log event by hand, with keys made once: the calls of the API that the sink makes, and nothing else. */
final class RawTelemetry {
    private static final AttributeKey<String> UID = AttributeKey.stringKey("log.record.uid");
    private static final AttributeKey<Long> SCHEMA_VERSION = AttributeKey.longKey("ledger.schema_version");
    private static final AttributeKey<String> RUN_ID = AttributeKey.stringKey("ledger.run_id");
    private static final AttributeKey<Long> SEQ = AttributeKey.longKey("ledger.seq");
    private static final AttributeKey<String> WORKFLOW = AttributeKey.stringKey("ledger.workflow_name");
    private static final AttributeKey<String> TARGET = AttributeKey.stringKey("ledger.target");
    private static final AttributeKey<String> PROJECT = AttributeKey.stringKey("ledger.project");
    private static final AttributeKey<String> CHANNEL = AttributeKey.stringKey("ledger.channel");
    private static final AttributeKey<String> TRIGGER = AttributeKey.stringKey("ledger.trigger");
    private static final AttributeKey<String> DELIVERY = AttributeKey.stringKey("ledger.delivery_id");
    private static final AttributeKey<String> QUEUE = AttributeKey.stringKey("ledger.task_queue");
    private static final AttributeKey<Long> DURATION = AttributeKey.longKey("ledger.duration_ms");
    private static final AttributeKey<Long> QUEUE_WAIT = AttributeKey.longKey("ledger.queue_wait_ms");
    private static final AttributeKey<Long> SUSPENDED = AttributeKey.longKey("ledger.suspended_ms");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("ledger.outcome");
    private static final AttributeKey<String> EXTENT = AttributeKey.stringKey("ledger.run_extent");

    private final Tracer tracer;
    private final Logger logger;

    RawTelemetry(OpenTelemetry sdk) {
        this.tracer = sdk.getTracer("by.hand");
        this.logger = sdk.getLogsBridge().get("by.hand");
    }

    void emit(Sample sample, String eventId, Instant at) {
        span(sample, at);
        record(sample, eventId, at);
    }

    private void span(Sample sample, Instant end) {
        Span span = tracer.spanBuilder("workflow.run")
                .setParent(Context.root())
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute(RUN_ID, sample.runId().value())
                .setAttribute(EXTENT, "run")
                .setStartTimestamp(end.minusMillis(Sample.DURATION_MS))
                .startSpan();
        span.setAttribute(RUN_ID, sample.runId().value());
        span.setAttribute(SEQ, sample.seq());
        span.setAttribute(WORKFLOW, "review");
        span.setAttribute(TARGET, Sample.TARGET);
        span.setAttribute(PROJECT, Sample.PROJECT);
        span.setAttribute(CHANNEL, "live");
        span.setAttribute(TRIGGER, Sample.TRIGGER);
        span.setAttribute(DELIVERY, sample.deliveryId());
        span.setAttribute(QUEUE, Sample.QUEUE);
        span.setAttribute(DURATION, Sample.DURATION_MS);
        span.setAttribute(QUEUE_WAIT, Sample.QUEUE_WAIT_MS);
        span.setAttribute(SUSPENDED, 0L);
        span.setAttribute(OUTCOME, "succeeded");
        span.end(end);
    }

    private void record(Sample sample, String eventId, Instant at) {
        logger.logRecordBuilder()
                .setTimestamp(at)
                .setContext(Context.current())
                .setSeverity(Severity.INFO)
                .setSeverityText("INFO")
                .setBody("Workflow run succeeded")
                .setEventName("workflow.run.succeeded")
                .setAttribute(UID, eventId)
                .setAttribute(SCHEMA_VERSION, 1L)
                .setAttribute(RUN_ID, sample.runId().value())
                .setAttribute(SEQ, sample.seq())
                .setAttribute(WORKFLOW, "review")
                .setAttribute(TARGET, Sample.TARGET)
                .setAttribute(PROJECT, Sample.PROJECT)
                .setAttribute(CHANNEL, "live")
                .setAttribute(TRIGGER, Sample.TRIGGER)
                .setAttribute(DELIVERY, sample.deliveryId())
                .setAttribute(QUEUE, Sample.QUEUE)
                .setAttribute(DURATION, Sample.DURATION_MS)
                .setAttribute(QUEUE_WAIT, Sample.QUEUE_WAIT_MS)
                .setAttribute(SUSPENDED, 0L)
                .emit();
    }
}
