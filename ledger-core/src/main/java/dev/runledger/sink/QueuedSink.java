package dev.runledger.sink;

import dev.runledger.event.LedgerEvent;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Calls a sink from a bounded queue by one daemon thread; drops what finds the queue full. */
final class QueuedSink extends GuardedSink {
    /** An event that a sink emitted while it handled another one. */
    private record Nested(LedgerEvent event) {}

    private static final Object STOP = new Object();

    /** What a sink has to take in a second to be waited for. */
    private static final long PACE = 100;

    private static final long LOOK_AGAIN_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final BlockingQueue<Object> queue;
    private final int roomForAny;
    private final Thread worker;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong handled = new AtomicLong();
    private final AtomicLong left = new AtomicLong();
    private volatile boolean refusing;
    private volatile boolean abandoned;
    private volatile long tooSlowUntil; // it is not waited for before it has handled so many
    private boolean closed;

    QueuedSink(EventSink sink) {
        super(sink);
        int capacity = sink.queueCapacity();
        if (capacity < 4) {
            throw new IllegalArgumentException(
                    "queue capacity of sink %s is %s, expected 4 or more".formatted(sink.name(), capacity));
        }
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.roomForAny = capacity - capacity / 4;
        this.worker = new Thread(this::work, "ledger-sink-" + name());
        worker.setDaemon(true);
        worker.start();
    }

    @Override
    void deliver(LedgerEvent event, int emittedAt) {
        boolean room = event.type().isTerminal() || pending() < roomForAny;
        Object entry = emittedAt == 0 ? event : new Nested(event);
        if (refusing || !room || !queue.offer(entry)) {
            drop();
            return;
        }
        accepted.incrementAndGet();
        if (abandoned && queue.remove(entry)) { // closed in between, and nobody is left to take it
            drop();
            handled.incrementAndGet();
        }
    }

    /** Waits until an eighth of its room is free, so that not every event has to wait. */
    @Override
    void awaitRoom() {
        if (pending() < roomForAny || handled.get() < tooSlowUntil) {
            return;
        }
        int enough = roomForAny - roomForAny / 8;
        long before = handled.get();
        long since = System.nanoTime();
        while (pending() >= enough && !refusing && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            long now = System.nanoTime();
            if (now - since > TimeUnit.SECONDS.toNanos(1)) {
                long handledNow = handled.get();
                if (handledNow - before < PACE) {
                    tooSlowUntil = handledNow + PACE;
                    return;
                }
                before = handledNow;
                since = now;
            }
        }
    }

    private void work() {
        boolean working = true;
        while (working) {
            try {
                working = handle(queue.take());
            } catch (
                    InterruptedException
                            bySink) { // a sink interrupted its own thread, or close() did; this clears the flag
                working = !abandoned;
            } catch (Throwable exhausted) { // no memory even to go on: the next event may find some
                working = !abandoned;
            }
        }
    }

    private boolean handle(Object next) {
        if (next == STOP) {
            return false;
        }
        try {
            if (abandoned) {
                left.incrementAndGet();
                drop();
            } else if (next instanceof Nested nested) {
                super.deliver(nested.event(), 1);
            } else {
                super.deliver((LedgerEvent) next, 0);
            }
        } finally {
            handled.incrementAndGet();
        }
        return true;
    }

    /** Counts what is queued, and the event that the worker has in hand. */
    @Override
    long pending() {
        return Math.max(0, accepted.get() - handled.get());
    }

    @Override
    void refuse() {
        refusing = true;
    }

    @Override
    boolean flush(Deadline deadline) {
        long goal = accepted.get();
        while (handled.get() < goal) {
            if (deadline.left() <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return true;
    }

    @Override
    synchronized long close(Deadline deadline) {
        if (closed) {
            return 0;
        }
        closed = true;
        flush(deadline);
        abandoned = true;
        while (queue.poll() != null) {
            left.incrementAndGet();
            drop();
            handled.incrementAndGet();
        }
        long undelivered = left.get() + pending(); // what the worker still has in hand may come to nothing
        queue.offer(STOP);
        worker.interrupt();
        if (undelivered > 0) {
            logUndelivered(name(), undelivered);
        }
        return undelivered;
    }
}
