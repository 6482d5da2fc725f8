package dev.runledger.sink;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import java.util.Objects;

/** A sink with a name or a delivery other than its own. */
final class ConfiguredSink implements EventSink {
    /** Room for some seconds of a busy host, at most about a dozen megabytes of ordinary events. */
    static final int DEFAULT_CAPACITY = 8192;

    private final String name;
    private final EventSink sink;
    private final Delivery delivery;
    private final int capacity;

    ConfiguredSink(String name, EventSink sink, Delivery delivery, int capacity) {
        this.name = Objects.requireNonNull(name, "name");
        this.sink = Objects.requireNonNull(sink, "sink");
        this.delivery = delivery;
        this.capacity = capacity;
    }

    static int capacityOf(EventSink sink) {
        return sink instanceof ConfiguredSink configured && configured.capacity > 0
                ? configured.capacity
                : DEFAULT_CAPACITY;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Delivery delivery() {
        return delivery;
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
