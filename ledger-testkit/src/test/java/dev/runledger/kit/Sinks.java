package dev.runledger.kit;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.sink.EventSink;
import java.util.function.Consumer;

/** Sinks of a host's, told through a queue. */
final class Sinks {
    private Sinks() {}

    static EventSink of(Consumer<LedgerEvent> body) {
        return new EventSink() {
            @Override
            public boolean wants(EventType type) {
                return true;
            }

            @Override
            public void accept(LedgerEvent event) {
                body.accept(event);
            }
        };
    }
}
