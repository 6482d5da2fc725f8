package dev.runledger.otel;

import dev.runledger.context.ContextCarrier;
import dev.runledger.run.WorkflowRun;
import io.opentelemetry.context.Context;
import java.util.Map;

/** Carries the trace of a dispatch to the threads that work on its run. Thread-safe. */
final class TraceCarrier implements ContextCarrier {
    private final Propagation propagation;
    private final RunSpans runs;

    TraceCarrier(Propagation propagation, RunSpans runs) {
        this.propagation = propagation;
        this.runs = runs;
    }

    @Override
    public Map<String, String> capture() {
        return propagation.capture();
    }

    @Override
    public Scope restore(WorkflowRun run) {
        Context current = Context.current();
        Context inside = runs.inside(run.id().value(), run.request().context());
        return inside == current
                ? Scope.NOOP
                : OpenSpan.enter(inside.with(RunSpans.CONSUMER, Propagation.span(current)))::close;
    }
}
