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
 * Keeps every event that it is told of, in order, from all threads, with the thread and the line of the host's code that told it. Told
 * inline, so that a test need not wait. Thread-safe.
 */
public final class RecordingSink implements EventSink {
    private final Queue<RecordedEvent> recorded = new ConcurrentLinkedQueue<>();
    private final OpenTransactions transactions = new OpenTransactions();
    private volatile Consumer<RecordedEvent> watcher = event -> {};

    /** A sink that has been told nothing yet. */
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

    /** Everything that was told, in order. */
    public List<LedgerEvent> events() {
        return recorded.stream().map(RecordedEvent::event).toList();
    }

    /** The names of everything that was told, in order. */
    public List<String> eventNames() {
        return recorded.stream().map(each -> each.event().eventName()).toList();
    }

    /** What was told of one run, its tasks included, in order. */
    public List<LedgerEvent> eventsOf(RunId runId) {
        return events().stream()
                .filter(event -> event.text(EventField.RUN_ID)
                        .filter(runId.value()::equals)
                        .isPresent())
                .toList();
    }

    /** What was told of this type, in order. */
    public List<LedgerEvent> eventsOf(EventType type) {
        return events().stream().filter(event -> event.type() == type).toList();
    }

    /** Forgets what was told. */
    public void clear() {
        recorded.clear();
    }

    /**
     * The same data source, watched: while a thread has a transaction open on it, nothing may be told on that thread. A {@link
     * LedgerKit} around this recorder fails the test where something is. For a data source that lives longer than a test, such as
     * one of a Spring context; else {@link LedgerKit#watch(DataSource)} does the same.
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

    /** Hears of each event on the thread that tells it, right after it was kept; the latest one set. */
    void watcher(Consumer<RecordedEvent> watcher) {
        this.watcher = watcher;
    }
}
