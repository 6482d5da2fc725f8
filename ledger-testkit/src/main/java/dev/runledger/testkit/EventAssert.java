package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.AbstractAssert;
import org.slf4j.event.Level;

/**
 * Verifies one event. Made by {@link LedgerAssertions#assertThat(LedgerEvent)} and {@link RunAssert#event}.
 *
 * <p>Values are compared as an event has them: whole numbers of any width are the same, a duration is its milliseconds, an id its text.
 */
public final class EventAssert extends AbstractAssert<EventAssert, LedgerEvent> {
    /** What the ledger puts on every event, and no call site does. */
    private static final Set<String> THE_LEDGERS = Set.of("event", "eventId", "schemaVersion", "occurredAt");

    private final List<RecordedEvent> history;

    EventAssert(LedgerEvent actual, List<RecordedEvent> history) {
        super(actual, EventAssert.class);
        this.history = history;
    }

    /** Verifies that the event is of this type. */
    public EventAssert isOf(EventType type) {
        isNotNull();
        return actual.type() == type ? this : fail(type.eventName(), "is " + actual.eventName());
    }

    /** Verifies that the event has this id. */
    public EventAssert hasId(String eventId) {
        isNotNull();
        return actual.eventId().equals(eventId) ? this : fail("eventId=" + eventId, "has eventId=" + actual.eventId());
    }

    /** Verifies that the event is logged at this level. */
    public EventAssert hasLevel(Level level) {
        isNotNull();
        return actual.level() == level ? this : fail("level " + level, "is logged at " + actual.level());
    }

    /** Verifies that the event happened at this time. */
    public EventAssert happenedAt(Instant at) {
        isNotNull();
        return actual.occurredAt().equals(at) ? this : fail("occurredAt=" + at, "happened at " + actual.occurredAt());
    }

    /** Verifies that the event has this field of the contract with this value. */
    public EventAssert hasField(EventField field, Object value) {
        return hasField(field.fieldName(), value);
    }

    /** Verifies that the event has a field of this name with this value. */
    public EventAssert hasField(String name, Object value) {
        isNotNull();
        return hasAll(Map.of(name, FieldValues.of(name, value)));
    }

    /** Verifies that the event does not have this field. */
    public EventAssert doesNotHaveField(EventField field) {
        return doesNotHaveField(field.fieldName());
    }

    /** Verifies that the event has no field of this name. */
    public EventAssert doesNotHaveField(String name) {
        isNotNull();
        Object value = actual.fields().get(name);
        return value == null ? this : fail("no " + name, "has %s=%s".formatted(name, value));
    }

    /** Verifies that the event has these fields with these values. It may have others. */
    public EventAssert hasFields(EventFields expected) {
        isNotNull();
        return hasAll(FieldValues.of(expected));
    }

    /**
     * Verifies that the event has these fields with these values and no others, apart from {@code event}, {@code eventId}, {@code
     * schemaVersion} and {@code occurredAt}, which every event has. {@code contractViolation} and {@code truncated} have to be absent.
     */
    public EventAssert hasExactlyFields(EventFields expected) {
        isNotNull();
        Map<String, Object> values = FieldValues.of(expected);
        Map<String, Object> others = new LinkedHashMap<>(actual.fields());
        others.keySet().removeAll(values.keySet());
        others.keySet().removeAll(THE_LEDGERS);
        return compare(values, others);
    }

    /** Verifies that the event keeps the contract: it has no {@code contractViolation}. */
    public EventAssert keepsTheContract() {
        return doesNotHaveField(EventField.CONTRACT_VIOLATION);
    }

    private EventAssert hasAll(Map<String, Object> expected) {
        return compare(expected, Map.of());
    }

    private EventAssert compare(Map<String, Object> expected, Map<String, Object> unexpected) {
        Set<String> wrong = new TreeSet<>(unexpected.keySet());
        expected.forEach((name, value) -> {
            if (!value.equals(actual.fields().get(name))) {
                wrong.add(name);
            }
        });
        if (wrong.isEmpty()) {
            return this;
        }
        TextTable table = new TextTable("", "field", "expected", "emitted");
        Set<String> all = new LinkedHashSet<>(actual.fields().keySet());
        all.addAll(expected.keySet());
        String mark = "=>";
        for (String name : all) {
            boolean differs = wrong.contains(name);
            Object emitted = actual.fields().getOrDefault(name, "(absent)");
            if (differs || expected.containsKey(name)) {
                table.row(
                        differs ? mark : "",
                        name,
                        expected.getOrDefault(name, "(absent)").toString(),
                        emitted.toString());
            }
        }
        throw failureWithActualExpected(
                actual.fields(),
                expected,
                "%s",
                "Event %s %s differs in %s%n%n%s%s"
                        .formatted(actual.eventId(), actual.eventName(), String.join(", ", wrong), table, printed()));
    }

    private EventAssert fail(String expected, String was) {
        throw failure(
                "%s",
                "Expected of event %s %s: %s%nbut it %s%s"
                        .formatted(actual.eventId(), actual.eventName(), expected, was, printed()));
    }

    /** Returns the whole history with this event marked, or nothing for an event that stands alone. */
    @SuppressWarnings("ReferenceEquality") // an event that was emitted twice is two lines, and one of them is meant
    private String printed() {
        int marked = -1;
        for (int i = 0; i < history.size(); i++) {
            marked = history.get(i).event() == actual ? i : marked;
        }
        return history.isEmpty() ? "" : "\n\n" + HistoryTable.of(history, marked, "");
    }
}
