package dev.runledger.otel;

import dev.runledger.event.LedgerEvent;
import dev.runledger.run.WorkflowRun;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the current trace into strings that are kept with a run, and those into a trace again. Thread-safe. */
final class Propagation {
    private static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> carrier) {
            return carrier.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
            return carrier == null ? null : carrier.get(key);
        }
    };

    private final TextMapPropagator propagator;

    Propagation(TextMapPropagator propagator) {
        this.propagator = propagator;
    }

    /** What the current thread has. */
    Map<String, String> capture() {
        Map<String, String> captured = new HashMap<>(4);
        propagator.inject(Context.current(), captured, (carrier, key, value) -> {
            if (carrier != null) {
                carrier.put(key, value);
            }
        });
        return captured.isEmpty() ? Map.of() : captured;
    }

    /** A context with what was captured, which where nothing was is the context that it is put upon. */
    Context upon(Context context, Map<String, String> captured) {
        return captured.isEmpty() ? context : propagator.extract(context, captured, GETTER);
    }

    /** The span that was captured; invalid where there was none. */
    SpanContext span(Map<String, String> captured) {
        return span(upon(Context.root(), captured));
    }

    static SpanContext span(Context context) {
        return Span.fromContext(context).getSpanContext();
    }

    /** Where an event was told: the current span, or on a thread that has none what was captured, or the dispatch of the run. */
    Context of(LedgerEvent event) {
        Context current = Context.current();
        if (span(current).isValid()) {
            return current;
        }
        Context captured = upon(current, event.context());
        WorkflowRun run = event.run();
        return run == null || span(captured).isValid()
                ? captured
                : upon(current, run.request().context());
    }
}
