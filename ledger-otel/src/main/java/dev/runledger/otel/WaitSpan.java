package dev.runledger.otel;

import dev.runledger.context.ExecutionInterceptor.AwaitScope;
import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
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

/** The span around a wait for the end of a run. Used by the thread that waits, which has it in its context. */
final class WaitSpan implements AwaitScope {
    static final String POLLED = "workflow.run.polled";

    private static final ContextKey<WaitSpan> KEY = ContextKey.named("dev.runledger.otel.wait");
    private static final AttributeKey<String> RUN_ID =
            AttributeKey.stringKey(FieldKeys.attributeName(EventField.RUN_ID));

    private final Propagation propagation;
    private final String runId;
    private final Span span;
    private final Scope scope;

    WaitSpan(Tracer tracer, Propagation propagation, RunId runId) {
        this.propagation = propagation;
        this.runId = runId.value();
        this.span = tracer.spanBuilder(SpanName.WAIT.spanName())
                .setAttribute(RUN_ID, this.runId)
                .startSpan();
        this.scope = OpenSpan.enter(Context.current().with(span).with(KEY, this));
    }

    /** Puts what the event of a wait says on the span of the wait that this thread is in, if it is about the same run. */
    static void describeCurrent(LedgerEvent event, FieldKeys keys) {
        WaitSpan current = Context.current().get(KEY);
        if (current != null
                && event.text(EventField.RUN_ID).filter(current.runId::equals).isPresent()) {
            current.describe(event, keys);
        }
    }

    private void describe(LedgerEvent event, FieldKeys keys) {
        keys.onSpan(event, span); // the outcome is a field of this event
        if (event.text(EventField.OUTCOME).filter("error"::equals).isPresent()) {
            span.setStatus(StatusCode.ERROR);
        }
        event.run().ifPresent(this::link);
    }

    /** Links the dispatch of the run. */
    private void link(WorkflowRun run) {
        SpanContext dispatch = propagation.span(run.request().context());
        if (dispatch.isValid()) {
            span.addLink(dispatch, Attributes.of(Attribute.LINK.key(), "run"));
        }
    }

    @Override
    public void polled(RunState state) {
        span.addEvent(
                POLLED, Attributes.of(Attribute.RUN_STATE.key(), state.name().toLowerCase(Locale.ROOT)));
    }

    @Override
    public void close() {
        scope.close();
        span.end();
    }
}
