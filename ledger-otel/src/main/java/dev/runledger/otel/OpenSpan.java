package dev.runledger.otel;

import dev.runledger.context.ContextCarrier;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A span that is current on the thread that opened it until it is closed there. It is ended once, by whoever first takes it: the event that
 * says how it ended, on whatever thread that is told, or else the closing.
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

    /** Makes the context current on this thread, until the caller closes what is answered, in another call of the core's. */
    @SuppressWarnings("MustBeClosedChecker")
    static Scope enter(Context context) {
        return context.makeCurrent();
    }

    Span span() {
        return span;
    }

    Context context() {
        return context;
    }

    /** Whether the caller is the one to end the span. */
    boolean take() {
        return taken.compareAndSet(false, true);
    }

    @Override
    public void close() {
        try {
            scope.close();
        } finally { // a host's storage of contexts may refuse
            among.remove(id, this);
            if (take()) {
                span.setAttribute(Attribute.OUTCOME.key(), "lost");
                span.end();
            }
        }
    }
}
