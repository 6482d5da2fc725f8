package dev.runledger.sink;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Guards a sink: whatever the sink throws stays here, is counted, and is logged at most once a minute. */
class GuardedSink {
    private static final Logger LOG = LoggerFactory.getLogger("dev.runledger.sink");
    private static final long REPORT_EVERY_NANOS = 60_000_000_000L;

    private final EventSink sink;
    private final String name;
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final AtomicLong nextReport = new AtomicLong(System.nanoTime());

    GuardedSink(EventSink sink) {
        this.sink = sink;
        this.name = sink.name();
    }

    final String name() {
        return name;
    }

    final boolean wants(EventType type) {
        try {
            return sink.wants(type);
        } catch (Throwable broken) {
            failed(broken);
            return false;
        }
    }

    /** Waits for room in its queue, if it has one and makes progress. */
    void awaitRoom() {}

    /** Gives the sink an event that was emitted at this depth. */
    void deliver(LedgerEvent event, int emittedAt) {
        int[] depth = EmissionDepth.ofThread();
        int before = depth[0];
        boolean interrupted = Thread.currentThread().isInterrupted();
        depth[0] = emittedAt + 1;
        try {
            sink.accept(event);
            delivered.increment();
        } catch (Throwable broken) { // errors too: a sink must not take the host's transition with it
            interrupted |= broken instanceof InterruptedException;
            failed(broken);
        } finally {
            depth[0] = before;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    final void drop() {
        dropped.increment();
    }

    /** Takes no more events. */
    void refuse() {}

    boolean flush(Deadline deadline) {
        return true;
    }

    /** Stops what was started; returns how many events were not delivered. */
    long close(Deadline deadline) {
        return 0;
    }

    long pending() {
        return 0;
    }

    final EventSink.Statistics statistics() {
        return new EventSink.Statistics(name, delivered.sum(), failed.sum(), dropped.sum(), pending());
    }

    /** The report names the error's class alone: its message could hold anything. */
    private void failed(Throwable broken) {
        failed.increment();
        report("Sink {} failed with {}; {} failures so far, the next report comes in a minute at the earliest", broken);
    }

    private void report(String message, Throwable broken) {
        long now = System.nanoTime();
        long due = nextReport.get();
        if (now - due < 0 || !nextReport.compareAndSet(due, now + REPORT_EVERY_NANOS)) {
            return;
        }
        try {
            LOG.warn(message, name, broken.getClass().getName(), failed.sum());
        } catch (Throwable logBroken) { // nowhere is left to say it; the counter has it
            failed.increment();
        }
    }

    static void logUndelivered(String sink, long count) {
        try {
            LOG.warn("Sink {} was closed with {} events not delivered", sink, count);
        } catch (Throwable logBroken) { // the caller gets the number too
            return;
        }
    }
}
