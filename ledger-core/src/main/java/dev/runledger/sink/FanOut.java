package dev.runledger.sink;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Tells several sinks of an event, and keeps them from hurting each other or the caller.
 *
 * <p>{@link #accept} never throws and, but for inline sinks, never waits. An event that a sink causes while it is told of
 * another one reaches every sink; one that is caused by telling that one is dropped and counted, so that a sink which tells
 * events of its own cannot recurse. Thread-safe. Closing it stops the threads that it started and closes no sink.
 */
public final class FanOut implements EventSink, AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final GuardedSink[] sinks;
    private final LongAdder recursions = new LongAdder();

    private FanOut(GuardedSink[] sinks) {
        this.sinks = sinks;
    }

    /** A fan-out to these sinks in this order; starts the thread of each queued one. */
    public static FanOut to(List<? extends EventSink> sinks) {
        return new FanOut(sinks.stream()
                .map(sink -> sink.delivery() == Delivery.INLINE ? new GuardedSink(sink) : new QueuedSink(sink))
                .toArray(GuardedSink[]::new));
    }

    /** A fan-out is told inline: it does the queueing itself. */
    @Override
    public Delivery delivery() {
        return Delivery.INLINE;
    }

    /** Whether any of the sinks wants events of this type. What a sink throws here counts as a yes, to be counted when told. */
    @Override
    public boolean wants(EventType type) {
        for (GuardedSink sink : sinks) {
            if (sink.wants(type)) {
                return true;
            }
        }
        return false;
    }

    /** Tells every sink that wants the event. Never throws; the thread's interrupt flag is kept. */
    @Override
    public void accept(LedgerEvent event) {
        int depth = Telling.depth();
        if (depth > 1) {
            recursions.increment();
            for (GuardedSink sink : sinks) {
                sink.drop();
            }
            return;
        }
        for (GuardedSink sink : sinks) {
            if (sink.wants(event.type())) {
                sink.tell(event, depth);
            }
        }
    }

    /** What became of the events, sink by sink in their order. */
    public List<SinkStatistics> statistics() {
        return List.of(sinks).stream().map(GuardedSink::statistics).toList();
    }

    /** How many events were dropped because a sink caused them while it was told of one that a sink had caused. */
    public long recursions() {
        return recursions.sum();
    }

    /**
     * Waits until every queued sink has been given what was accepted before this call, at most for the timeout.
     *
     * @return whether all of it was given in time
     */
    public boolean flush(Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        boolean flushed = true;
        for (GuardedSink sink : sinks) {
            flushed &= sink.flush(deadline);
        }
        return flushed;
    }

    /** Closes with a timeout of 5 seconds. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /**
     * Takes no more events, gives the queued sinks what is queued, at most for the timeout in all, and stops their threads. What
     * is still queued then is counted as dropped and reported by one line of the log. Closing again does nothing.
     *
     * @return how many events were not delivered
     */
    public long close(Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        for (GuardedSink sink : sinks) {
            sink.refuse();
        }
        long undelivered = 0;
        for (GuardedSink sink : sinks) {
            undelivered += sink.close(deadline);
        }
        return undelivered;
    }
}
