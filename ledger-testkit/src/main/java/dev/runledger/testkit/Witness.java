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
 * A place that events reach, read back from what it really holds: the lines of a log, the rows of a store, meters, spans, a sink of the
 * host's. {@link FanOutAssert} asks several whether they saw the same events.
 */
public interface Witness {
    /** What the place is called in messages. */
    String name();

    /**
     * Under which key this place has to have the event: its id, or what it is counted by where the place keeps no ids. Empty where
     * the place has no such events at all, as a store has no echoes.
     */
    Optional<String> keyOf(LedgerEvent event);

    /**
     * What this place has seen.
     *
     * @param emitted the events that the recorder has: a place that others share returns what belongs to these runs alone
     */
    List<Sighting> sightings(List<LedgerEvent> emitted);

    /** Everything that this place holds, as text, in which a {@link SecretCanary} is looked for. */
    List<String> texts(List<LedgerEvent> emitted);

    /**
     * One event, as a place has it.
     *
     * @param key the event's id, or what it is counted by
     * @param fields what the place keeps of it, compared with the event where both have a field; empty where it keeps nothing
     */
    record Sighting(String key, Map<String, Object> fields) {
        /** Copies the fields. */
        public Sighting {
            Objects.requireNonNull(key, "key");
            fields = Map.copyOf(fields);
        }
    }

    /** A place of which only the ids of its events are known. */
    static Witness ofIds(String name, Supplier<? extends Collection<String>> eventIds) {
        return new IdWitness(name, eventIds);
    }

    /** A place that keeps whole events, such as a sink of the host's, or a second recorder: each has to have every field. */
    static Witness ofEvents(String name, Supplier<? extends Collection<LedgerEvent>> events) {
        return new EventWitness(name, events, event -> true);
    }

    /**
     * The printed lines of a log, by whatever back end: JSON of any nesting, or text with {@code eventId=…}. A line that begins like JSON
     * and is none is a sighting nobody expects. Names may be in snake_case. Lines of other runs, where the log is shared, are left out.
     */
    static Witness ofLines(String name, Supplier<? extends Collection<String>> lines) {
        return new LineWitness(name, lines);
    }

    /** The rows of a store, which has no echo, no await and no progress: each has to have every field. */
    static Witness ofStore(RunHistory history) {
        return new StoreWitness(history);
    }
}
