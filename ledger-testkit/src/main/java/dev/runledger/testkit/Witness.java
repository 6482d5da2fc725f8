package dev.runledger.testkit;

import dev.runledger.event.LedgerEvent;
import dev.runledger.history.RunHistory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads a place that receives events, from what it really holds: the lines of a log, the rows of a store, meters, spans, a sink of the
 * application. {@link FanOutAssert} verifies that several have the same events.
 */
public interface Witness {
    /** Returns the name of the place in messages. */
    String name();

    /**
     * Returns the key under which this place has to have the event: its id, or what it is counted by if the place keeps no ids. Empty if
     * the place never has such events, as a store has no echoes.
     */
    Optional<String> keyOf(LedgerEvent event);

    /**
     * Returns what this place has seen.
     *
     * @param emitted the events that the recorder has; a place that others share returns only what belongs to these runs
     */
    List<Sighting> sightings(List<LedgerEvent> emitted);

    /** Returns everything that this place holds as text, to be searched for a {@link SecretCanary}. */
    List<String> texts(List<LedgerEvent> emitted);

    /**
     * One event, as a place has it.
     *
     * @param key the id of the event, or what it is counted by
     * @param fields what the place keeps of it, compared with the event if both have a field; empty if it keeps nothing
     */
    record Sighting(String key, Map<String, Object> fields) {
        /** Copies the fields. */
        public Sighting {
            Objects.requireNonNull(key, "key");
            fields = Map.copyOf(fields);
        }
    }

    /** Returns a place of which only the ids of its events are known. */
    static Witness ofIds(String name, Supplier<? extends Collection<String>> eventIds) {
        return new IdWitness(name, eventIds);
    }

    /** Returns a place that keeps whole events, such as a sink of the application or a second recorder. Each has to have every field. */
    static Witness ofEvents(String name, Supplier<? extends Collection<LedgerEvent>> events) {
        return new EventWitness(name, events, event -> true);
    }

    /**
     * Returns the printed lines of a log, of any back end: JSON of any nesting, or text with {@code eventId=…}. A line that begins like
     * JSON and is none counts as an unexpected event. Names may be in snake_case. Lines of other runs are left out.
     */
    static Witness ofLines(String name, Supplier<? extends Collection<String>> lines) {
        return new LineWitness(name, lines);
    }

    /** Returns the rows of a store, which has no echo, no await and no progress. Each has to have every field. */
    static Witness ofStore(RunHistory history) {
        return new StoreWitness(history);
    }
}
