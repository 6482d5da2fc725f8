package dev.runledger.otel;

import dev.runledger.context.ContextCarrier;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A span that is current on the thread that opened it until it is closed there. It is ended once, by whoever takes it first: the event
 * that says how it ended, emitted on whatever thread, or else the closing.
 */
final class OpenSpan implements ContextCarrier.Scope {
    private final OpenSpans among;
    private final String id;
    private final Span span;
    private final Context context;
    private final Scope scope;
    private final AtomicBoolean taken = new AtomicBoolean();

    OpenSpan(OpenSpans among, String id, Span span, Context context) {
        this.among = among;
        this.id = id;
        this.span = span;
        this.context = context;
        this.scope = enter(context);
    }

    /** Makes the context current on this thread, until the caller closes the scope in a later call of the core. */
    @SuppressWarnings("MustBeClosedChecker")
    static Scope enter(Context context) {
        return context.makeCurrent();
    }

    /** Returns the span. */
    Span span() {
        return span;
    }

    /** Returns the context with the span in it. */
    Context context() {
        return context;
    }

    /** Returns whether the caller is the one to end the span. */
    boolean take() {
        return taken.compareAndSet(false, true);
    }

    @Override
    public void close() {
        try {
            scope.close();
        } finally { // the context storage of the application may refuse
            among.remove(id, this);
            if (take()) {
                span.setAttribute(Attribute.OUTCOME.key(), "lost");
                span.end();
            }
        }
    }
}
