package dev.runledger.sink;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import java.time.Duration;
import java.util.List;

/**
 * Receives events; implement it to deliver them to a destination. A lambda will do.
 *
 * <p>A sink is {@linkplain Delivery#QUEUED queued} unless it says otherwise: one daemon thread of its own calls it from a bounded
 * queue, one event at a time. An {@linkplain Delivery#INLINE inline} sink is called on the thread that made the transition,
 * concurrently by several threads, after the commit and outside any lock, and must not block. In both cases whatever it throws,
 * errors included, is counted, logged at most once a minute, and kept from the caller and from the other sinks.
 */
@FunctionalInterface
public interface EventSink {
    /** Takes an event that this sink wants. */
    void accept(LedgerEvent event) throws Exception;

    /**
     * Returns whether this sink wants events of this type. It is asked once for each event, before the event is built, so it has to be
     * quick. If it throws, the sink does not get the event and the failure is counted. Default: yes.
     */
    default boolean wants(EventType type) {
        return true;
    }

    /** Returns the name of this sink in counters and messages. Default: the simple name of the class, or a lambda's own. */
    default String name() {
        String simple = getClass().getSimpleName();
        String name = simple.isEmpty() ? getClass().getName() : simple; // an anonymous class has no simple name
        int lambda = name.indexOf('/');
        return name.substring(name.lastIndexOf('.') + 1, lambda < 0 ? name.length() : lambda);
    }

    /** Returns how this sink is called. Default: {@link Delivery#QUEUED}. */
    default Delivery delivery() {
        return Delivery.QUEUED;
    }

    /**
     * Returns how many events the queue of this sink holds, 4 or more. A quarter of it is kept for terminal events, which are dropped
     * last. Default: 8,192, some seconds of a busy application and about a dozen megabytes of ordinary events at most.
     */
    default int queueCapacity() {
        return 8192;
    }

    /** Returns the same sink under another name, for an application that has two of a kind. */
    static EventSink named(String name, EventSink sink) {
        return new ConfiguredSink(name, sink, sink.delivery(), sink.queueCapacity());
    }

    /** Returns the same sink, called inline. */
    static EventSink inline(EventSink sink) {
        return new ConfiguredSink(sink.name(), sink, Delivery.INLINE, sink.queueCapacity());
    }

    /**
     * Returns the same sink, called from a queue of this capacity.
     *
     * @throws IllegalArgumentException if the capacity is below 4
     */
    static EventSink queued(EventSink sink, int capacity) {
        if (capacity < 4) {
            throw new IllegalArgumentException("queue capacity is " + capacity + ", expected 4 or more");
        }
        return new ConfiguredSink(sink.name(), sink, Delivery.QUEUED, capacity);
    }

    /**
     * Returns one sink that delivers to all of these in their order, and starts the thread of each queued one. A ledger makes it from
     * its sinks; it is here for tests of sinks and for hosts that forward events.
     */
    static Composite composite(List<? extends EventSink> sinks) {
        return SinkDispatcher.to(sinks);
    }

    /** Lists how a sink is called. */
    enum Delivery {
        /** On the caller's thread, at most once. For what does not block: the log, meters, spans. */
        INLINE,
        /** By a thread of the sink's own from a bounded queue, at most once. An event that finds the queue full is dropped and counted. */
        QUEUED
    }

    /**
     * Delivers to several sinks, and keeps them from hurting each other or the caller. Thread-safe.
     *
     * <p>{@link #accept} never throws and, apart from inline sinks, never waits. An event that a sink emits while it handles another
     * one reaches every sink. An event emitted while a sink handles such an event is dropped and counted, so that a sink that emits
     * events cannot recurse. Closing stops the threads that it started and closes no sink.
     */
    interface Composite extends EventSink, AutoCloseable {
        /** Delivers the event to every sink that wants it. Never throws; keeps the thread's interrupt flag. */
        @Override
        void accept(LedgerEvent event);

        /** Asks every sink once whether it wants events of this type, and returns those that do. */
        Recipients recipients(EventType type);

        /**
         * Waits until every queued sink has room for an event of any type. It is for a caller that is about to emit many events at once, and
         * that the sinks may slow down. A sink that takes less than a hundred events a second is not waited for. An interrupt ends the wait
         * and stands. Within a sink it does nothing.
         */
        void awaitRoom();

        /** Returns what became of the events, sink by sink in their order. */
        List<Statistics> statistics();

        /** Returns how many events were dropped because a sink emitted them while it handled an event that a sink had emitted. */
        long recursions();

        /** Waits until every queued sink was given what was accepted before this call; returns whether that was in time. */
        boolean flush(Duration timeout);

        /** Closes with a timeout of 5 seconds. */
        @Override
        void close();

        /**
         * Takes no more events, gives the queued sinks what is queued, at most for the timeout in all, and stops their threads. What is
         * still queued then is counted as dropped and reported in one line of the log. Closing again does nothing.
         *
         * @return how many events were not delivered
         */
        long close(Duration timeout);
    }

    /** The sinks that want an event of one type. */
    interface Recipients {
        /** Returns whether no sink wants the event, so that it need not be built. */
        boolean isEmpty();

        /** Delivers the event to these sinks. Never throws; keeps the thread's interrupt flag. */
        void accept(LedgerEvent event);
    }

    /**
     * What became of the events that one sink wanted.
     *
     * @param sink the name of the sink
     * @param delivered how many it took
     * @param failed how often it threw
     * @param dropped how many it was never given: the queue was full or closed, or a sink emitted the event while it handled another
     * @param pending how many wait in its queue
     */
    record Statistics(String sink, long delivered, long failed, long dropped, long pending) {}
}
