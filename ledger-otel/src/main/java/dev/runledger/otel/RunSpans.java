package dev.runledger.otel;

import dev.runledger.context.ContextCarrier;
import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.WorkflowRun;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The spans of runs: one for each segment of execution, and one of stored times for a run that ends outside any segment of this
 * process.
 *
 * <p>What a span says of its run comes from the event that ends it, because events are redacted. When it starts, only the id of the run
 * is known to be harmless. Thread-safe.
 */
final class RunSpans {
    private static final AttributeKey<String> RUN_ID =
            AttributeKey.stringKey(FieldKeys.attributeName(EventField.RUN_ID));

    /** Holds the span that was current before the trace of the run was restored. */
    static final ContextKey<SpanContext> CONSUMER = ContextKey.named("ledger-consumer");

    private final Tracer tracer;
    private final Propagation propagation;
    private final FieldKeys keys;
    private final @Nullable CicdNames cicd;
    private final OpenSpans open = new OpenSpans();

    RunSpans(Tracer tracer, Propagation propagation, FieldKeys keys, @Nullable CicdNames cicd) {
        this.tracer = tracer;
        this.propagation = propagation;
        this.keys = keys;
        this.cicd = cicd;
    }

    /**
     * Begins a segment on this thread. Its parent is the dispatch, whatever span is current. The current one, such as that of the message that
     * brought the run to this worker, is linked.
     */
    ContextCarrier.Scope begin(WorkflowRun run) {
        Context current = Context.current();
        Context dispatched = propagation.upon(current, run.request().context());
        SpanBuilder builder =
                builder(run.id().value(), dispatched, run).setAttribute(Attribute.EXTENT.key(), "segment");
        SpanContext kept = current.get(CONSUMER);
        SpanContext consumer = kept != null && kept.isValid() ? kept : Propagation.span(current);
        if (!consumer.getSpanId().equals(Propagation.span(dispatched).getSpanId())) {
            link(builder, "consumer", consumer);
        }
        Span span = builder.startSpan();
        dispatched = dispatched.with(CONSUMER, SpanContext.getInvalid()); // it is not that of what begins inside
        return open.open(run.id().value(), span, dispatched);
    }

    /** Ends the span of the run, or makes one of stored times, if the event says how a segment or the run ended. */
    void end(WorkflowRunEvent type, LedgerEvent event) {
        String outcome = outcomeOf(type);
        String runId = event.text(EventField.RUN_ID).orElse(null);
        if (outcome == null || runId == null) {
            return;
        }
        OpenSpan segment = open.take(runId);
        if (segment != null) {
            describe(segment.span(), event, outcome);
            segment.span().end();
        } else if (type.isTerminal()) {
            whole(runId, event, outcome);
        }
    }

    /** Returns whether an event of this type ends a segment or a run. */
    static boolean isEnd(WorkflowRunEvent type) {
        return outcomeOf(type) != null;
    }

    /** Returns how an event of this type ends a segment, or null if it ends none. An echo ends nothing: what it echoes did. */
    private static @Nullable String outcomeOf(WorkflowRunEvent type) {
        return switch (type) {
            case SUSPENDED -> "suspended";
            case REQUEUED -> "requeued";
            case HANDED_OFF -> "handed_off";
            case SUCCEEDED -> "succeeded";
            case INCOMPLETE -> "incomplete";
            case FAILED, ENQUEUE_FAILED -> "failed";
            case CANCELLED -> "cancelled";
            case QUEUED, RUNNING, OVERDUE, RESUMED, DISPATCH_REFUSED, COMPLETED, AWAITED -> null;
        };
    }

    private void whole(String runId, LedgerEvent event, String outcome) {
        WorkflowRun run = event.run().orElse(null);
        Context dispatched = run == null
                ? propagation.of(event)
                : propagation.upon(Context.root(), run.request().context());
        Instant end = event.occurredAt();
        Instant begin = begun(event, run, end);
        Span span = builder(runId, dispatched, run)
                .setAttribute(Attribute.EXTENT.key(), "run")
                .setStartTimestamp(begin.isAfter(end) ? end : begin)
                .startSpan();
        describe(span, event, outcome);
        span.end(end);
    }

    private static Instant begun(LedgerEvent event, @Nullable WorkflowRun run, Instant end) {
        if (run == null) {
            return end.minusMillis(event.number(EventField.DURATION_MS).orElse(0L));
        }
        return run.times().startedAt().orElse(run.times().queuedAt());
    }

    private SpanBuilder builder(String runId, Context parent, @Nullable WorkflowRun run) {
        SpanBuilder builder = tracer.spanBuilder(SpanName.RUN.spanName())
                .setParent(parent)
                .setSpanKind(cicd == null ? SpanKind.CONSUMER : SpanKind.SERVER)
                .setAttribute(RUN_ID, runId);
        if (run != null) {
            link(builder, run);
        }
        return builder;
    }

    private void link(SpanBuilder builder, WorkflowRun run) {
        run.latestWait().ifPresent(wait -> link(builder, "segment_before", wait.context()));
        run.resumption().ifPresent(resumption -> link(builder, "resume", resumption.context()));
        if (run.request().parentRunId().isPresent()) { // it was dispatched inside the segment that handed its work off
            link(builder, "parent_run", run.request().context());
        }
    }

    private void link(SpanBuilder builder, String what, Map<String, String> captured) {
        link(builder, what, propagation.span(captured));
    }

    private static void link(SpanBuilder builder, String what, SpanContext linked) {
        if (linked.isValid()) {
            builder.addLink(linked, Attributes.of(Attribute.LINK.key(), what));
        }
    }

    private void describe(Span span, LedgerEvent event, String outcome) {
        keys.onSpan(event, span);
        span.setAttribute(Attribute.OUTCOME.key(), outcome);
        Errors.onSpan(event, span);
        if (cicd != null) {
            cicd.onRun(span, event);
        }
    }

    /**
     * Returns the context in which something of a run happens on this thread: the current one if it belongs to the trace of the run
     * already, else that of the open segment, else that of the dispatch.
     */
    Context inside(String runId, Map<String, String> dispatched) {
        Context current = Context.current();
        Context segment = open.contextOf(runId);
        Context ofRun = segment != null ? segment : propagation.upon(current, dispatched);
        boolean sameTrace = Propagation.span(current)
                .getTraceId()
                .equals(Propagation.span(ofRun).getTraceId());
        return sameTrace ? current : ofRun;
    }

    /** Returns how many segments are open in this process. */
    int openSpans() {
        return open.size();
    }
}
