package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Keeps every event in order, from all threads, with the thread and the line of the application that emitted it. It is inline, so that a
 * test need not wait. Thread-safe.
 */
public final class RecordingSink implements EventSink {
    private final Queue<RecordedEvent> recorded = new ConcurrentLinkedQueue<>();
    private final OpenTransactions transactions = new OpenTransactions();
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
     * this recorder. For a data source that lives longer than a test, such as one of a Spring context; otherwise use {@link
     * LedgerKit#watch(DataSource)}.
     */
    public DataSource watch(DataSource dataSource) {
        return WatchedDataSource.of(dataSource, transactions);
    }

    OpenTransactions transactions() {
        return transactions;
    }

    List<RecordedEvent> recorded() {
        return List.copyOf(recorded);
    }

    /** Sets what is called with each event right after it was kept, on the thread that emits it. It replaces the one before. */
    void watcher(Consumer<RecordedEvent> watcher) {
        this.watcher = watcher;
    }
}
