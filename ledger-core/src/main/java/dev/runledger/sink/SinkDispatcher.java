package dev.runledger.sink;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Delivers to several sinks behind a guard each, the queued ones through a thread each. */
final class SinkDispatcher implements EventSink.Composite {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final GuardedSink[] sinks;
    private final Selection all;
    private final Selection none = new Selection(new GuardedSink[0]);
    private final LongAdder recursions = new LongAdder();

    private SinkDispatcher(GuardedSink[] sinks) {
        this.sinks = sinks;
        this.all = new Selection(sinks);
    }

    static SinkDispatcher to(List<? extends EventSink> sinks) {
        return new SinkDispatcher(sinks.stream()
                .map(sink -> sink.delivery() == Delivery.INLINE ? new GuardedSink(sink) : new QueuedSink(sink))
                .toArray(GuardedSink[]::new));
    }

    /** The dispatcher does the queueing itself. */
    @Override
    public Delivery delivery() {
        return Delivery.INLINE;
    }

    @Override
    public boolean wants(EventType type) {
        return !recipients(type).isEmpty();
    }

    @Override
    public void accept(LedgerEvent event) {
        recipients(event.type()).accept(event);
    }

    /** Allocates only where some sinks want the event and some do not. */
    @Override
    public EventSink.Recipients recipients(EventType type) {
        GuardedSink[] wanting = sinks; // as they are while those that want it come first
        int count = 0;
        for (int i = 0; i < sinks.length; i++) {
            if (sinks[i].wants(type)) {
                if (count < i) {
                    wanting = wanting == sinks ? sinks.clone() : wanting;
                    wanting[count] = sinks[i];
                }
                count++;
            }
        }
        if (count == 0) {
            return none;
        }
        return count == sinks.length ? all : new Selection(Arrays.copyOf(wanting, count));
    }

    @Override
    public void awaitRoom() {
        if (EmissionDepth.current() > 0) { // the thread of a queued sink would wait for itself
            return;
        }
        for (GuardedSink sink : sinks) {
            sink.awaitRoom();
        }
    }

    @Override
    public List<EventSink.Statistics> statistics() {
        return Arrays.stream(sinks).map(GuardedSink::statistics).toList();
    }

    @Override
    public long recursions() {
        return recursions.sum();
    }

    @Override
    public boolean flush(Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        boolean flushed = true;
        for (GuardedSink sink : sinks) {
            flushed &= sink.flush(deadline);
        }
        return flushed;
    }

    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    @Override
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

    /** The sinks that want an event. */
    private final class Selection implements EventSink.Recipients {
        private final GuardedSink[] selected;

        Selection(GuardedSink[] selected) {
            this.selected = selected;
        }

        @Override
        public boolean isEmpty() {
            return selected.length == 0;
        }

        @Override
        public void accept(LedgerEvent event) {
            int depth = EmissionDepth.current();
            if (depth > 1) {
                recursions.increment();
                for (GuardedSink sink : selected) {
                    sink.drop();
                }
                return;
            }
            for (GuardedSink sink : selected) {
                sink.deliver(event, depth);
            }
        }
    }
}
