package dev.runledger.otel;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.trace.Span;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the fields of an event on log records and spans. Those of the contract are {@code ledger.} and the name in snake_case, those of
 * a host are called as the host calls them and stand on log records only. Keys are made once. Thread-safe.
 */
final class FieldKeys {
    static final String PREFIX = "ledger.";

    private static final int MOST_HOST_NAMES = 1_000;
    private static final Pattern UPPER = Pattern.compile("([A-Z])");

    /** These are the record's own event name, id and timestamp. */
    private static final Set<EventField> ELSEWHERE =
            Set.of(EventField.EVENT, EventField.EVENT_ID, EventField.OCCURRED_AT);

    /** The log event has them; a span says {@code error.type} and the reason, and which version an event has is no matter of it. */
    private static final Set<EventField> NOT_ON_SPANS =
            Set.of(EventField.SCHEMA_VERSION, EventField.ERROR_CLASS, EventField.ERROR_MESSAGE, EventField.ERROR_STACK);

    private static final Map<String, Keys> CONTRACT = contract();

    private final Map<String, Keys> hosts = new ConcurrentHashMap<>();

    /** The name of the attribute that a field of the contract becomes. */
    static String attributeName(EventField field) {
        return switch (field) {
            case ERROR_CLASS -> Attribute.EXCEPTION_TYPE.key().getKey();
            case ERROR_MESSAGE -> Attribute.EXCEPTION_MESSAGE.key().getKey();
            case ERROR_STACK -> Attribute.EXCEPTION_STACKTRACE.key().getKey();
            default ->
                PREFIX + UPPER.matcher(field.fieldName()).replaceAll("_$1").toLowerCase(Locale.ROOT);
        };
    }

    /** Whether the field is an attribute at all, rather than the record's own event name, id or timestamp. */
    static boolean isAttribute(EventField field) {
        return !ELSEWHERE.contains(field);
    }

    private static Map<String, Keys> contract() {
        Map<String, Keys> keys = new HashMap<>();
        for (EventField field : EventField.values()) {
            if (isAttribute(field)) {
                keys.put(field.fieldName(), Keys.of(attributeName(field), !NOT_ON_SPANS.contains(field)));
            } else {
                keys.put(field.fieldName(), Keys.NONE);
            }
        }
        return keys; // looked up fifteen times an event, and an immutable map divides to find a place
    }

    void onRecord(LedgerEvent event, LogRecordBuilder builder) {
        event.fields().forEach((name, value) -> {
            Keys keys = keys(name);
            if (value instanceof String text && keys.text != null) {
                builder.setAttribute(keys.text, text);
            } else if (value instanceof Long number && keys.number != null) {
                builder.setAttribute(keys.number, number);
            } else if (value instanceof Boolean truth && keys.truth != null) {
                builder.setAttribute(keys.truth, truth);
            } else if (value instanceof Double decimal && keys.decimal != null) {
                builder.setAttribute(keys.decimal, decimal);
            }
        });
    }

    void onSpan(LedgerEvent event, Span span) {
        event.fields().forEach((name, value) -> {
            Keys keys = CONTRACT.getOrDefault(name, Keys.NONE);
            if (!keys.onSpans) {
                return;
            }
            if (value instanceof String text && keys.text != null) {
                span.setAttribute(keys.text, text);
            } else if (value instanceof Long number && keys.number != null) {
                span.setAttribute(keys.number, number);
            } else if (value instanceof Boolean truth && keys.truth != null) {
                span.setAttribute(keys.truth, truth);
            }
        });
    }

    private Keys keys(String name) {
        Keys owned = CONTRACT.get(name);
        if (owned != null) {
            return owned;
        }
        Keys known = hosts.get(name);
        if (known != null) {
            return known;
        }
        Keys made = isOurs(name) ? Keys.NONE : Keys.of(name, false);
        if (hosts.size() < MOST_HOST_NAMES) { // a host that makes names up must not fill the heap with them
            hosts.put(name, made);
        }
        return made;
    }

    /** A host's field that is called like an attribute of this module would make it stand on the record twice. */
    private static boolean isOurs(String name) {
        if (name.startsWith(PREFIX)) {
            return true;
        }
        for (Attribute attribute : Attribute.values()) {
            if (attribute.key().getKey().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The keys of one field, by the type that its value has; none where the field is no attribute. */
    private record Keys(
            @Nullable AttributeKey<String> text,
            @Nullable AttributeKey<Long> number,
            @Nullable AttributeKey<Double> decimal,
            @Nullable AttributeKey<Boolean> truth,
            boolean onSpans) {
        static final Keys NONE = new Keys(null, null, null, null, false);

        static Keys of(String name, boolean onSpans) {
            return new Keys(
                    AttributeKey.stringKey(name),
                    AttributeKey.longKey(name),
                    AttributeKey.doubleKey(name),
                    AttributeKey.booleanKey(name),
                    onSpans);
        }
    }
}
