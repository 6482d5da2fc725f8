package dev.runledger.kit;

import dev.runledger.event.LedgerEvent;
import dev.runledger.sink.EventSink;
import java.util.function.Consumer;

/** Makes sinks of an application, which are queued. */
final class Sinks {
    private Sinks() {}

    static EventSink of(Consumer<LedgerEvent> body) {
        return body::accept;
    }
}
