package dev.runledger;

import dev.runledger.context.ContextCarrier;
import dev.runledger.context.ExecutionInterceptor;
import dev.runledger.sink.EventSink;

/** Installs the parts of an integration together, so that none is forgotten: {@code Ledger.builder().install(plugin)}. */
@FunctionalInterface
public interface LedgerPlugin {
    /** Adds the parts of this plugin. Called once, while the ledger is built. */
    void install(Installation installation);

    /** Takes the parts of a plugin: the builder of a ledger or of its events. */
    interface Installation {
        /** Adds a sink. */
        Installation sink(EventSink sink);

        /** Adds a context carrier. */
        Installation carrier(ContextCarrier carrier);

        /** Adds an interceptor of executions. */
        Installation interceptor(ExecutionInterceptor interceptor);
    }
}
