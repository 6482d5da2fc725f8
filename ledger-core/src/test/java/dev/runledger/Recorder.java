package dev.runledger;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every event, inline. */
final class Recorder implements EventSink {
    private final List<LedgerEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public Delivery delivery() {
        return Delivery.INLINE;
    }

    @Override
    public void accept(LedgerEvent event) {
        events.add(event);
    }

    List<LedgerEvent> events() {
        return List.copyOf(events);
    }

    List<String> names() {
        return events.stream().map(LedgerEvent::eventName).toList();
    }

    List<LedgerEvent> eventsOf(EventType type) {
        return events.stream().filter(event -> event.type() == type).toList();
    }

    /** Returns the only event of this type. */
    LedgerEvent only(EventType type) {
        List<LedgerEvent> found = eventsOf(type);
        if (found.size() != 1) {
            throw new AssertionError("expected one %s, got %s".formatted(type.eventName(), names()));
        }
        return found.get(0);
    }

    List<LedgerEvent> eventsOf(RunId id) {
        return events.stream()
                .filter(event -> id.value().equals(event.fields().get("runId")))
                .toList();
    }
}
