package dev.runledger.otel;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.context.ContextCarrier;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.Locale;

/** The span around a wait for the end of a run. Used by the thread that waits, and found by it in its context. */
final class WaitSpan implements ContextCarrier.Waiting {
    static final String POLLED = "workflow.run.polled";

    private static final ContextKey<WaitSpan> KEY = ContextKey.named("dev.runledger.otel.wait");
    private static final AttributeKey<String> RUN_ID =
            AttributeKey.stringKey(FieldKeys.attributeName(EventField.RUN_ID));

    private final Propagation propagation;
    private final String runId;
    private final Span span;
    private final Scope scope;
    private boolean linked;

    WaitSpan(Tracer tracer, Propagation propagation, RunId runId) {
        this.propagation = propagation;
        this.runId = runId.value();
        this.span = tracer.spanBuilder(SpanName.WAIT.spanName())
                .setAttribute(RUN_ID, this.runId)
                .startSpan();
        this.scope = OpenSpan.enter(Context.current().with(span).with(KEY, this));
    }

    /** An await is over, and its event is told on the thread that waited. */
    static void told(LedgerEvent event, FieldKeys keys) {
        WaitSpan waiting = Context.current().get(KEY);
        if (waiting != null
                && event.text(EventField.RUN_ID).filter(waiting.runId::equals).isPresent()) {
            waiting.describe(event, keys);
        }
    }

    private void describe(LedgerEvent event, FieldKeys keys) {
        keys.onSpan(event, span); // the outcome is a field of this event
        if (event.text(EventField.OUTCOME).filter("error"::equals).isPresent()) {
            span.setStatus(StatusCode.ERROR);
        }
    }

    @Override
    public void polled(WorkflowRun run) {
        String state = run.state().name().toLowerCase(Locale.ROOT);
        span.addEvent(POLLED, Attributes.of(Attribute.RUN_STATE.key(), state));
        if (!linked) {
            linked = true;
            SpanContext dispatch = propagation.span(run.request().context());
            if (dispatch.isValid()) {
                span.addLink(dispatch, Attributes.of(Attribute.LINK.key(), "run"));
            }
        }
    }

    @Override
    public void close() {
        scope.close();
        span.end();
    }
}
