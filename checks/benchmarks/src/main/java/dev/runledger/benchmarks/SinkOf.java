package dev.runledger.benchmarks;

import dev.runledger.LedgerPlugin;
import dev.runledger.context.ContextCarrier;
import dev.runledger.context.ExecutionInterceptor;
import dev.runledger.sink.EventSink;

/** Takes the sink of a plugin and leaves its other parts, to measure the sink alone. */
final class SinkOf implements LedgerPlugin.Installation {
    private EventSink sink;

    private SinkOf() {}

    static EventSink plugin(LedgerPlugin plugin) {
        SinkOf taken = new SinkOf();
        plugin.install(taken);
        return taken.sink;
    }

    @Override
    public SinkOf sink(EventSink sink) {
        this.sink = sink;
        return this;
    }

    @Override
    public SinkOf carrier(ContextCarrier carrier) {
        return this;
    }

    @Override
    public SinkOf interceptor(ExecutionInterceptor interceptor) {
        return this;
    }
}
