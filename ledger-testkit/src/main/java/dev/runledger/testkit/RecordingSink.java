package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Keeps every event in order, from all threads, with the thread and the line of the application that emitted it. It is inline, so that a
 * test need not wait. Thread-safe.
 */
public final class RecordingSink implements EventSink {
    private final Queue<RecordedEvent> recorded = new ConcurrentLinkedQueue<>();
    private final OpenTransactions connections = new OpenTransactions();
    private final OpenTransactions units = new OpenTransactions();
    private final Object arrival = new Object();
    private long arrived;
    private volatile Consumer<RecordedEvent> watcher = event -> {};

    /** Makes a sink that has no events. */
    public RecordingSink() {}

    @Override
    public Delivery delivery() {
        return Delivery.INLINE;
    }

    @Override
    public boolean wants(EventType type) {
        return true;
    }

    @Override
    public void accept(LedgerEvent event) {
        RecordedEvent now = RecordedEvent.now(event);
        recorded.add(now);
        watcher.accept(now);
        synchronized (arrival) {
            arrived++;
            arrival.notifyAll();
        }
    }

    /** Returns all events, in order. */
    public List<LedgerEvent> events() {
        return recorded.stream().map(RecordedEvent::event).toList();
    }

    /** Returns the names of all events, in order. */
    public List<String> eventNames() {
        return recorded.stream().map(each -> each.event().eventName()).toList();
    }

    /** Returns the events of one run, its tasks included, in order. */
    public List<LedgerEvent> eventsOf(RunId runId) {
        return events().stream()
                .filter(event -> event.text(EventField.RUN_ID)
                        .filter(runId.value()::equals)
                        .isPresent())
                .toList();
    }

    /** Returns the events of this type, in order. */
    public List<LedgerEvent> eventsOf(EventType type) {
        return events().stream().filter(event -> event.type() == type).toList();
    }

    /** Forgets all events. */
    public void clear() {
        recorded.clear();
    }

    /**
     * Returns the same data source, watched: an event that a thread emits inside its transaction is a breach for a {@link LedgerKit} around
     * this recorder. A transaction within another, on a second connection, has a commit of its own: what follows it before that connection is
     * closed is no breach. For a data source that lives longer than a test, such as one of a Spring context; otherwise use {@link
     * LedgerKit#watch(DataSource)}.
     */
    public DataSource watch(DataSource dataSource) {
        return WatchedDataSource.of(dataSource, connections);
    }

    OpenTransactions units() {
        return units;
    }

    /**
     * Returns where the open transaction of this thread began, as text, or empty if it has none. A unit and its connection are one
     * transaction, so that the commit of the one does not hide the other.
     */
    Optional<String> openTransaction() {
        return connections.ofThisThread().or(units::ofThisThread);
    }

    /** Returns how many events have arrived so far, those included that were forgotten since. */
    long arrived() {
        synchronized (arrival) {
            return arrived;
        }
    }

    /** Waits until more than this many events have arrived. Returns false if the time is over before. */
    boolean awaitMoreThan(long many, long nanos) throws InterruptedException {
        long begun = System.nanoTime();
        synchronized (arrival) {
            while (arrived <= many) {
                long left = nanos - (System.nanoTime() - begun);
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(arrival, left);
            }
            return true;
        }
    }

    List<RecordedEvent> recorded() {
        return List.copyOf(recorded);
    }

    /** Sets what is called with each event right after it was kept, on the thread that emits it. It replaces the one before. */
    void watcher(Consumer<RecordedEvent> watcher) {
        this.watcher = watcher;
    }
}
