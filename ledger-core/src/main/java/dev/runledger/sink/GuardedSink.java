package dev.runledger.sink;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.redact.Sanitizer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Guards a sink: whatever the sink throws stays here, is counted, and is logged at most once a minute. */
class GuardedSink {
    private static final Logger LOG = LoggerFactory.getLogger("dev.runledger.sink");
    private static final Sanitizer SANITIZER = Sanitizer.of(Redactor.standard(), Limits.standard());
    private static final long REPORT_EVERY_NANOS = 60_000_000_000L;

    private final EventSink sink;
    private final String name;
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private volatile @Nullable String lastReported;
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

    /** Reports the error, without what it may show of a secret, and its stack unless the report before it had that of the same class. */
    private void failed(Throwable broken) {
        failed.increment();
        long now = System.nanoTime();
        long due = nextReport.get();
        if (now - due < 0 || !nextReport.compareAndSet(due, now + REPORT_EVERY_NANOS)) {
            return;
        }
        try {
            Sanitizer.ErrorText error = SANITIZER.describe(broken);
            boolean known = Objects.equals(lastReported, error.errorClass());
            lastReported = error.errorClass();
            LOG.warn(
                    "Sink {} failed with {}: {}; {} failures so far, the next report comes in a minute at the earliest",
                    name,
                    error.errorClass(),
                    error.errorMessage(),
                    failed.sum(),
                    known ? null : SANITIZER.printable(broken));
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
