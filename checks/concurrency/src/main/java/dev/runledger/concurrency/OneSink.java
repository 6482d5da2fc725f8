package dev.runledger.concurrency;

import dev.runledger.event.LedgerEvent;
import dev.runledger.sink.EventSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A queued sink that takes nothing before it is opened, and what counts its events. */
final class OneSink implements EventSink {
    private static final int CAPACITY = 4; // three places for any event, and one for a terminal one
    private static final Duration PLENTY = Duration.ofSeconds(10);

    private final CountDownLatch open = new CountDownLatch(1);
    private final EventSink.Composite composite;
    private int taken;
    private int terminal;

    private OneSink() {
        this.composite = EventSink.composite(List.of(this));
    }

    static OneSink open() {
        OneSink sink = closed();
        sink.release();
        return sink;
    }

    static OneSink closed() {
        return new OneSink();
    }

    @Override
    public int queueCapacity() {
        return CAPACITY;
    }

    @Override
    public void accept(LedgerEvent event) throws InterruptedException {
        open.await();
        taken++;
        if (event.type().isTerminal()) {
            terminal++;
        }
    }

    void release() {
        open.countDown();
    }

    void emit(LedgerEvent event) {
        composite.accept(event);
    }

    boolean flush() {
        return composite.flush(PLENTY);
    }

    int close(Duration timeout) {
        return (int) composite.close(timeout);
    }

    /** Lets it take what is queued, and stops its thread. */
    int close() {
        release();
        return close(PLENTY);
    }

    /** Returns how many events it took, for a thread that has flushed: the fields are plain. */
    int taken() {
        return taken;
    }

    int terminal() {
        return terminal;
    }

    int dropped() {
        return (int) composite.statistics().get(0).dropped();
    }

    /** Returns how many events it got or was refused, once there are so many or some time is over. */
    int accountedFor(int events) {
        long end = System.nanoTime() + PLENTY.toNanos();
        int sum;
        do {
            EventSink.Statistics now = composite.statistics().get(0);
            sum = (int) (now.delivered() + now.failed() + now.dropped());
        } while (sum < events && System.nanoTime() < end);
        return sum;
    }
}
