package dev.runledger.otel;

import dev.runledger.LedgerPlugin;
import dev.runledger.context.ContextCarrier;
import dev.runledger.context.ExecutionInterceptor;
import dev.runledger.sink.EventSink;
import java.util.Objects;

/** The parts that a plugin installs, one by one, for tests that install them in another way. */
final class Parts implements LedgerPlugin.Installation {
    private EventSink sink;
    private ContextCarrier carrier;
    private ExecutionInterceptor interceptor;

    static Parts of(LedgerPlugin plugin) {
        Parts parts = new Parts();
        plugin.install(parts);
        return parts;
    }

    @Override
    public Parts sink(EventSink sink) {
        this.sink = sink;
        return this;
    }

    @Override
    public Parts carrier(ContextCarrier carrier) {
        this.carrier = carrier;
        return this;
    }

    @Override
    public Parts interceptor(ExecutionInterceptor interceptor) {
        this.interceptor = interceptor;
        return this;
    }

    EventSink sink() {
        return Objects.requireNonNull(sink, "sink");
    }

    ContextCarrier carrier() {
        return Objects.requireNonNull(carrier, "carrier");
    }

    ExecutionInterceptor interceptor() {
        return Objects.requireNonNull(interceptor, "interceptor");
    }
}
