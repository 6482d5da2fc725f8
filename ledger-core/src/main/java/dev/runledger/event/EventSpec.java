package dev.runledger.event;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.event.Level;

/** What the vocabulary says of one event type. */
record EventSpec(
        String eventName,
        Level level,
        boolean terminal,
        String message,
        String meaning,
        Set<EventField> required,
        Set<EventField> optional,
        Set<EventField> owned,
        Map<EventField, Object> defaults) {
    /** Starts a type of event; it has no required and no optional fields. */
    static EventSpec of(String eventName, Level level, boolean terminal, String message, String meaning) {
        return new EventSpec(eventName, level, terminal, message, meaning, set(), set(), set(), Map.of());
    }

    static EventSpec of(EventType type) {
        return type instanceof WorkflowRunEvent run ? run.spec : ((TaskRunEvent) type).spec;
    }

    static Set<EventField> set(EventField... fields) {
        EnumSet<EventField> set = EnumSet.noneOf(EventField.class);
        Collections.addAll(set, fields);
        return Collections.unmodifiableSet(set);
    }

    EventSpec require(EventField... fields) {
        return fields(set(fields), optional, Set.of());
    }

    EventSpec allow(EventField... fields) {
        return fields(required, set(fields), Set.of());
    }

    /** Returns the same type without this field, which every other event may have. */
    EventSpec never(EventField field) {
        return fields(required, optional, Set.of(field));
    }

    /** The same type with what a field says that a call site leaves out. */
    EventSpec otherwise(EventField field, Object value) {
        Map<EventField, Object> all = new EnumMap<>(EventField.class);
        all.putAll(defaults);
        all.put(field, value);
        return new EventSpec(eventName, level, terminal, message, meaning, required, optional, owned, all);
    }

    EventSpec asTerminal() {
        return new EventSpec(eventName, level, true, message, meaning, required, optional, owned, defaults);
    }

    private EventSpec fields(Set<EventField> required, Set<EventField> optional, Set<EventField> never) {
        EnumSet<EventField> owned = EnumSet.noneOf(EventField.class);
        owned.addAll(EventType.ALWAYS);
        owned.addAll(EventType.COMMON);
        owned.addAll(required);
        owned.addAll(optional);
        owned.removeAll(never);
        return new EventSpec(
                eventName,
                level,
                terminal,
                message,
                meaning,
                required,
                optional,
                Collections.unmodifiableSet(owned),
                defaults);
    }
}
