package dev.runledger.sink;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;

/**
 * Somebody who is told of events: what a host implements to send them somewhere.
 *
 * <p>Unless it says otherwise a sink is told through a bounded queue by one daemon thread of its own, one event at a time. A
 * sink that asks to be told {@linkplain Delivery#INLINE inline} is called on the thread that made the transition, concurrently
 * by several, after the commit and outside any lock, and must not block. In both cases what it throws, errors included, is
 * counted, logged at most once a minute and kept from the caller and from the other sinks.
 */
public interface EventSink {
    /** How a sink is told. */
    enum Delivery {
        /** On the caller's thread, at most once; for what does not block: the log, meters, spans. */
        INLINE,
        /** By a thread of the sink's own from a bounded queue, at most once; what finds the queue full is dropped and counted. */
        QUEUED
    }

    /** The sink's name in counters and messages. Default: the class's simple name. */
    default String name() {
        String name = getClass().getSimpleName();
        return name.isEmpty() ? "sink" : name;
    }

    /** How this sink wants to be told. Default: {@link Delivery#QUEUED}. */
    default Delivery delivery() {
        return Delivery.QUEUED;
    }

    /** Whether this sink wants events of this type. Asked before each event is built, so it has to be quick. */
    boolean wants(EventType type);

    /** Takes an event that it wants. */
    void accept(LedgerEvent event) throws Exception;

    /** The same sink under another name, for a host that has two of a kind. */
    static EventSink named(String name, EventSink sink) {
        return new ConfiguredSink(name, sink, sink.delivery(), ConfiguredSink.capacityOf(sink));
    }

    /** The same sink, told inline. */
    static EventSink inline(EventSink sink) {
        return new ConfiguredSink(sink.name(), sink, Delivery.INLINE, 0);
    }

    /**
     * The same sink, told through a queue of this capacity. A quarter of it is kept for terminal events, which are dropped last.
     *
     * @throws IllegalArgumentException if the capacity is below 4
     */
    static EventSink queued(EventSink sink, int capacity) {
        if (capacity < 4) {
            throw new IllegalArgumentException("queue capacity is " + capacity + ", expected 4 or more");
        }
        return new ConfiguredSink(sink.name(), sink, Delivery.QUEUED, capacity);
    }
}
