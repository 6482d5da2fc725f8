package dev.runledger.otel;

import dev.runledger.event.LedgerEvent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the current trace into strings that are stored with a run, and those into a trace again. Thread-safe. */
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

    /** Returns what the current thread has. */
    Map<String, String> capture() {
        Map<String, String> captured = new HashMap<>(4);
        propagator.inject(Context.current(), captured, (carrier, key, value) -> {
            if (carrier != null) {
                carrier.put(key, value);
            }
        });
        return captured.isEmpty() ? Map.of() : captured;
    }

    /** Returns this context with what was captured in it; the same context if nothing was captured. */
    Context upon(Context context, Map<String, String> captured) {
        return captured.isEmpty() ? context : propagator.extract(context, captured, GETTER);
    }

    /** Returns the span that was captured; an invalid one if there was none. */
    SpanContext span(Map<String, String> captured) {
        return span(upon(Context.root(), captured));
    }

    /** Returns the span in a context; an invalid one if there is none. */
    static SpanContext span(Context context) {
        return Span.fromContext(context).getSpanContext();
    }

    /** Returns where an event was emitted: the current span, or on a thread without one what was captured, or the dispatch of the run. */
    Context of(LedgerEvent event) {
        Context current = Context.current();
        if (span(current).isValid()) {
            return current;
        }
        Context captured = upon(current, event.context());
        if (!event.context().isEmpty() && span(captured).isValid()) {
            return captured;
        }
        return event.run().map(run -> upon(current, run.request().context())).orElse(captured);
    }
}
