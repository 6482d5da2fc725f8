package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps every event that it is told of, in order, from all threads. Told inline, so that a test need not wait. Thread-safe. */
public final class RecordingSink implements EventSink {
    private final Queue<LedgerEvent> events = new ConcurrentLinkedQueue<>();

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
        events.add(event);
    }

    /** Everything that was told, in order. */
    public List<LedgerEvent> events() {
        return List.copyOf(events);
    }

    /** The names of everything that was told, in order. */
    public List<String> eventNames() {
        return events.stream().map(LedgerEvent::eventName).toList();
    }

    /** What was told of one run, its tasks included, in order. */
    public List<LedgerEvent> eventsOf(RunId runId) {
        return events.stream()
                .filter(event -> event.text(EventField.RUN_ID)
                        .filter(runId.value()::equals)
                        .isPresent())
                .toList();
    }

    /** What was told of this type, in order. */
    public List<LedgerEvent> eventsOf(EventType type) {
        return events.stream().filter(event -> event.type() == type).toList();
    }

    /** Forgets what was told. */
    public void clear() {
        events.clear();
    }
}
