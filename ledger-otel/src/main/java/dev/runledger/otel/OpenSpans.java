package dev.runledger.otel;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The spans that handlers of this process are inside of, by the id of their run or task. Each is there while a handler runs and no
 * longer, and of what is over nothing is kept. Thread-safe.
 */
final class OpenSpans {
    /** More handlers at once than this are traced too; what others say of their runs is told as spans of stored times. */
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

    /** The span of this id, for the caller to end; null where there is none that nobody has taken. */
    @Nullable
    OpenSpan take(String id) {
        OpenSpan taken = open.remove(id);
        return taken != null && taken.take() ? taken : null;
    }

    /** What is current inside the span of this id, or null. */
    @Nullable
    Context contextOf(String id) {
        OpenSpan found = open.get(id);
        return found == null ? null : found.context();
    }

    void remove(String id, OpenSpan closed) {
        open.remove(id, closed);
    }

    int size() {
        return open.size();
    }
}
