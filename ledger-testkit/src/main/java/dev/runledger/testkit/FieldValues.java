package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Converts a value that a test expects to the form that an event has. */
final class FieldValues {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT);

    private FieldValues() {}

    static Map<String, Object> of(EventFields fields) {
        Map<String, Object> values = new LinkedHashMap<>();
        fields.asMap().forEach((name, value) -> values.put(name, of(name, value)));
        return values;
    }

    /** Returns the value of a field so that equal values are equal: instants by their time, whole numbers as longs. */
    static Object of(String name, Object value) {
        if (value instanceof RunId || value instanceof TaskId) {
            return value.toString();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Duration duration) {
            return duration.toMillis();
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Float) {
            return ((Number) value).doubleValue();
        }
        if (value instanceof Instant instant) {
            return micros(instant);
        }
        boolean instant = value instanceof String
                && EventField.ofName(name)
                        .filter(field -> field.type() == EventField.Type.INSTANT)
                        .isPresent();
        return instant ? micros(Instant.parse((String) value)) : value;
    }

    /** Returns an instant as events write it: always with six decimals. */
    private static String micros(Instant instant) {
        return MICROS.format(instant.atOffset(ZoneOffset.UTC));
    }
}
