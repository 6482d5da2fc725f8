package dev.runledger.otel;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.trace.Span;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts the fields of an event on log records and spans. A field of the contract becomes {@code ledger.} and its name in snake_case. A
 * custom field keeps its name and stands on log records only. Keys are made once. Thread-safe.
 */
final class FieldKeys {
    static final String PREFIX = "ledger.";

    private static final int MOST_CUSTOM_NAMES = 1_000;

    /** See <a href="https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/">OpenTelemetry, HTTP attributes</a>. */
    private static final String HTTP_STATUS = "http.response.status_code";

    private static final Pattern UPPER = Pattern.compile("([A-Z])");

    /** These are the record's own event name, id and timestamp. */
    private static final Set<EventField> ELSEWHERE =
            Set.of(EventField.EVENT, EventField.EVENT_ID, EventField.OCCURRED_AT);

    /** The log event has the error; a span has {@code error.type} and the reason. The version is about the event alone. */
    private static final Set<EventField> NOT_ON_SPANS =
            Set.of(EventField.SCHEMA_VERSION, EventField.ERROR_CLASS, EventField.ERROR_MESSAGE, EventField.ERROR_STACK);

    private static final Set<String> OURS =
            Stream.of(Attribute.values()).map(each -> each.key().getKey()).collect(Collectors.toUnmodifiableSet());

    private static final Map<String, FieldKey> CONTRACT = contract();

    private final Map<String, FieldKey> custom = new ConcurrentHashMap<>();
    private final Map<EventType, Row> rows = new HashMap<>();

    FieldKeys() {
        EventType.all().forEach(type -> rows.put(type, new Row()));
    }

    /** Returns the name of the attribute that a field of the contract becomes. */
    static String attributeName(EventField field) {
        return switch (field) {
            case ERROR_CLASS -> Attribute.EXCEPTION_TYPE.key().getKey();
            case ERROR_MESSAGE -> Attribute.EXCEPTION_MESSAGE.key().getKey();
            case ERROR_STACK -> Attribute.EXCEPTION_STACKTRACE.key().getKey();
            case STATUS_CODE -> HTTP_STATUS;
            default ->
                PREFIX + UPPER.matcher(field.fieldName()).replaceAll("_$1").toLowerCase(Locale.ROOT);
        };
    }

    /** Returns whether the field is an attribute, and not the event name, id or timestamp of the record itself. */
    static boolean isAttribute(EventField field) {
        return !ELSEWHERE.contains(field);
    }

    private static Map<String, FieldKey> contract() {
        Map<String, FieldKey> keys = new HashMap<>();
        for (EventField field : EventField.values()) {
            String name = field.fieldName();
            keys.put(
                    name,
                    isAttribute(field)
                            ? FieldKey.of(name, attributeName(field), !NOT_ON_SPANS.contains(field))
                            : FieldKey.none(name));
        }
        return Map.copyOf(keys);
    }

    /** Puts every field on the record. */
    void onRecord(LedgerEvent event, LogRecordBuilder builder) {
        event.fields().forEach(new Walk(event) {
            @Override
            void put(FieldKey key, Object value) {
                key.put(builder, value);
            }
        });
    }

    /** Puts the fields of the contract on the span, without the details of an error. */
    void onSpan(LedgerEvent event, Span span) {
        event.fields().forEach(new Walk(event) {
            @Override
            void put(FieldKey key, Object value) {
                if (key.onSpans()) {
                    key.put(span, value);
                }
            }
        });
    }

    private FieldKey key(String name) {
        FieldKey owned = CONTRACT.get(name);
        return owned != null ? owned : customKey(name);
    }

    /** Returns the key of a custom field, which is left out if it is called like an attribute of this module. */
    private FieldKey customKey(String name) {
        FieldKey known = custom.get(name);
        if (known != null) {
            return known;
        }
        boolean ours = name.startsWith(PREFIX) || OURS.contains(name);
        FieldKey made = ours ? FieldKey.none(name) : FieldKey.of(name, name, false);
        if (custom.size() < MOST_CUSTOM_NAMES) { // names that are made up must not fill the heap
            custom.put(name, made);
        }
        return made;
    }

    /** The keys of one type of event in the order in which its fields came last, which is nearly always the order of the next event. */
    private static final class Row {
        private static final int ROOM = 64; // a power of two; longer events share places

        private final FieldKey[] keys = new FieldKey[ROOM];

        Row() {
            Arrays.fill(keys, FieldKey.none(""));
        }
    }

    /** Walks the fields of one event. A race on the row costs a look-up: a key in it is never wrong, only out of order. */
    private abstract class Walk implements BiConsumer<String, Object> {
        private final FieldKey[] row;
        private int next;

        Walk(LedgerEvent event) {
            this.row = Objects.requireNonNull(rows.get(event.type())).keys;
        }

        /** Takes one field. */
        abstract void put(FieldKey key, Object value);

        @Override
        @SuppressWarnings("ReferenceEquality") // the names of the contract are constants; others are looked up
        public final void accept(String name, Object value) {
            int place = next++ & (Row.ROOM - 1);
            FieldKey key = row[place];
            if (key.field() != name) {
                key = key(name);
                row[place] = key;
            }
            put(key, value);
        }
    }
}
