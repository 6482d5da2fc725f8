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
 * Assertions on one event. Made by {@link LedgerAssertions#assertThat(LedgerEvent)} and {@link RunAssert#event}.
 *
 * <p>Values are compared as an event has them: whole numbers of any width are one, a duration is its milliseconds, an id its text.
 */
public final class EventAssert extends AbstractAssert<EventAssert, LedgerEvent> {
    /** What the ledger says of itself on every event, and no call site does. */
    private static final Set<String> THE_LEDGERS = Set.of("event", "eventId", "schemaVersion", "occurredAt");

    private final List<RecordedEvent> history;

    EventAssert(LedgerEvent actual, List<RecordedEvent> history) {
        super(actual, EventAssert.class);
        this.history = history;
    }

    /** The event is of this type. */
    public EventAssert isOf(EventType type) {
        isNotNull();
        return actual.type() == type ? this : fail(type.eventName(), "is " + actual.eventName());
    }

    /** The event has this id. */
    public EventAssert hasId(String eventId) {
        isNotNull();
        return actual.eventId().equals(eventId) ? this : fail("eventId=" + eventId, "has eventId=" + actual.eventId());
    }

    /** The event is told at this level. */
    public EventAssert hasLevel(Level level) {
        isNotNull();
        return actual.level() == level ? this : fail("level " + level, "is told at " + actual.level());
    }

    /** The event happened at this time. */
    public EventAssert happenedAt(Instant at) {
        isNotNull();
        return actual.occurredAt().equals(at) ? this : fail("occurredAt=" + at, "happened at " + actual.occurredAt());
    }

    /** The event has this field of the contract's with this value. */
    public EventAssert hasField(EventField field, Object value) {
        return hasField(field.fieldName(), value);
    }

    /** The event has a field of this name with this value. */
    public EventAssert hasField(String name, Object value) {
        isNotNull();
        return hasAll(Map.of(name, FieldValues.of(name, value)));
    }

    /** The event has no such field. */
    public EventAssert doesNotHaveField(EventField field) {
        return doesNotHaveField(field.fieldName());
    }

    /** The event has no field of this name. */
    public EventAssert doesNotHaveField(String name) {
        isNotNull();
        Object value = actual.fields().get(name);
        return value == null ? this : fail("no " + name, "has %s=%s".formatted(name, value));
    }

    /** The event has these fields with these values, and may have others. */
    public EventAssert hasFields(EventFields expected) {
        isNotNull();
        return hasAll(FieldValues.of(expected));
    }

    /**
     * The event has these fields with these values and no others, beside {@code event}, {@code eventId}, {@code schemaVersion} and
     * {@code occurredAt}, which every event has, and {@code contractViolation} and {@code truncated}, which have to be absent.
     */
    public EventAssert hasExactlyFields(EventFields expected) {
        isNotNull();
        Map<String, Object> values = FieldValues.of(expected);
        Map<String, Object> others = new LinkedHashMap<>(actual.fields());
        others.keySet().removeAll(values.keySet());
        others.keySet().removeAll(THE_LEDGERS);
        return compare(values, others);
    }

    /** The event keeps the contract: it says no {@code contractViolation}. */
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
        TextTable table = new TextTable("", "field", "expected", "told");
        Set<String> all = new LinkedHashSet<>(actual.fields().keySet());
        all.addAll(expected.keySet());
        String mark = "=>";
        for (String name : all) {
            boolean differs = wrong.contains(name);
            Object recorded = actual.fields().getOrDefault(name, "(absent)");
            if (differs || expected.containsKey(name)) {
                table.row(
                        differs ? mark : "",
                        name,
                        expected.getOrDefault(name, "(absent)").toString(),
                        recorded.toString());
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

    /** The whole history with this event marked; nothing for an event that stands alone. */
    @SuppressWarnings("ReferenceEquality") // an event that was told twice is two lines, and one of them is meant
    private String printed() {
        int marked = -1;
        for (int i = 0; i < history.size(); i++) {
            marked = history.get(i).event() == actual ? i : marked;
        }
        return history.isEmpty() ? "" : "\n\n" + HistoryTable.of(history, marked, "");
    }
}
