package dev.runledger.otel;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open spans of this process, by the id of their run or task. Each is kept while its handler runs and no longer. Thread-safe.
 */
final class OpenSpans {
    /** Beyond so many, a span is not found by its id: the event that should end it makes a span of stored times. */
    static final int MOST = 10_000;

    private final ConcurrentHashMap<String, OpenSpan> open = new ConcurrentHashMap<>();

    /** Makes the span current, to be found by this id. */
    OpenSpan open(String id, Span span, Context parent) {
        OpenSpan opened = new OpenSpan(this, id, span, parent.with(span));
        if (open.size() < MOST) {
            open.put(id, opened);
        }
        return opened;
    }

    /** Returns the span of this id for the caller to end, or null if there is none or somebody took it. */
    @Nullable
    OpenSpan take(String id) {
        OpenSpan taken = open.remove(id);
        return taken != null && taken.take() ? taken : null;
    }

    /** Returns what is current inside the span of this id, or null if there is none. */
    @Nullable
    Context contextOf(String id) {
        OpenSpan found = open.get(id);
        return found == null ? null : found.context();
    }

    /** Forgets a span that is closed. */
    void remove(String id, OpenSpan closed) {
        open.remove(id, closed);
    }

    /** Returns how many spans are open. */
    int size() {
        return open.size();
    }
}
