package dev.runledger.event;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which fields an event type must and may have, with the same as bits for the path of every event. */
final class FieldRules {
    final Set<EventField> required;
    final Set<EventField> optional;
    final long requiredBits;
    final long ownedBits;

    private FieldRules(List<EventField> required, List<EventField> optional, Set<EventField> never) {
        this.required = enumSet(required);
        this.optional = enumSet(optional);
        this.requiredBits = bits(this.required) | bits(Set.of(EventField.WORKFLOW_NAME));
        this.ownedBits =
                (requiredBits | bits(this.optional) | bits(EventType.COMMON) | bits(EventType.ALWAYS)) & ~bits(never);
    }

    static FieldRules of(List<EventField> required, EventField... optional) {
        return new FieldRules(required, Arrays.asList(optional), Set.of());
    }

    /** The same rules, and never this field, which every other event may have. */
    FieldRules never(EventField field) {
        return new FieldRules(List.copyOf(required), List.copyOf(optional), Set.of(field));
    }

    private static Set<EventField> enumSet(List<EventField> fields) {
        EnumSet<EventField> set = EnumSet.noneOf(EventField.class);
        set.addAll(fields);
        return Collections.unmodifiableSet(set);
    }

    private static long bits(Set<EventField> fields) {
        long bits = 0;
        for (EventField field : fields) {
            bits |= field.bit();
        }
        return bits;
    }
}
