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
        FieldSet needed,
        FieldSet owned,
        Map<EventField, Object> defaults) {
    /** Starts a type of event; it has no required and no optional fields. */
    static EventSpec of(String eventName, Level level, boolean terminal, String message, String meaning) {
        return new EventSpec(
                eventName, level, terminal, message, meaning, set(), set(), new FieldSet(), new FieldSet(), Map.of());
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
        return new EventSpec(eventName, level, terminal, message, meaning, required, optional, needed, owned, all);
    }

    EventSpec asTerminal() {
        return new EventSpec(eventName, level, true, message, meaning, required, optional, needed, owned, defaults);
    }

    private EventSpec fields(Set<EventField> required, Set<EventField> optional, Set<EventField> never) {
        EnumSet<EventField> all = EnumSet.noneOf(EventField.class);
        all.addAll(EventType.ALWAYS);
        all.addAll(EventType.COMMON);
        all.addAll(required);
        all.addAll(optional);
        all.removeAll(never);
        FieldSet owned = new FieldSet();
        owned.addAll(all);
        FieldSet needed = FieldSet.of(EventField.WORKFLOW_NAME);
        needed.addAll(required);
        return new EventSpec(eventName, level, terminal, message, meaning, required, optional, needed, owned, defaults);
    }
}
