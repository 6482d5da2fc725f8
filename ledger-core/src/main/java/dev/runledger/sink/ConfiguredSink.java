package dev.runledger.sink;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import java.util.Objects;

/** A sink with another name, delivery or queue than its own. */
record ConfiguredSink(String name, EventSink sink, Delivery delivery, int queueCapacity) implements EventSink {
    ConfiguredSink {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(sink, "sink");
    }

    @Override
    public boolean wants(EventType type) {
        return sink.wants(type);
    }

    @Override
    public void accept(LedgerEvent event) throws Exception {
        sink.accept(event);
    }
}
