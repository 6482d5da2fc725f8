package dev.runledger.testkit;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.sink.EventSink;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** The queue in front of a sink that waits for its destination. */
class QueuedSinkContractTest extends EventSinkContract {
    private static final int ROOM = 4_096;

    @Override
    protected TestedSink newSink() {
        Waiting waiting = new Waiting();
        return TestedSink.withFields(EventSink.queued(waiting, ROOM), () -> List.copyOf(waiting.arrived))
                .withBlockedDestination(waiting::block);
    }

    private static final class Waiting implements EventSink {
        private final Queue<Map<String, Object>> arrived = new ConcurrentLinkedQueue<>();
        private volatile CountDownLatch free = new CountDownLatch(0);

        AutoCloseable block() {
            CountDownLatch released = new CountDownLatch(1);
            free = released;
            return released::countDown;
        }

        @Override
        public boolean wants(EventType type) {
            return true;
        }

        @Override
        public void accept(LedgerEvent event) throws InterruptedException {
            free.await();
            arrived.add(event.fields());
        }
    }
}
