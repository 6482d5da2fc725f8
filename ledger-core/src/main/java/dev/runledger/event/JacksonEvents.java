package dev.runledger.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.runledger.redact.Sanitizer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads and writes the flat JSON form through Jackson's escaping and parsing. Loaded only where Jackson is there. */
final class JacksonEvents {
    /** Without Jackson's buffers of threads: those of a server's threads would keep the class loader of an application that is gone. */
    static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.USE_THREAD_LOCAL_FOR_BUFFER_RECYCLING)
            .build();

    private JacksonEvents() {}

    static void write(LedgerEvent event, StringBuilder json) {
        json.append('{');
        event.fields().forEach((name, value) -> field(json, name, value));
        json.append('}');
    }

    static void field(StringBuilder json, String name, Object value) {
        if (json.length() > 0 && json.charAt(json.length() - 1) != '{') {
            json.append(',');
        }
        json.append('"').append(name).append("\":"); // names are letters, digits and three signs: nothing to escape
        if (value instanceof Long number) {
            json.append(number.longValue());
        } else if (value instanceof Boolean || value instanceof Double) {
            json.append(value);
        } else {
            text(json, value.toString());
        }
    }

    /** Most texts need no escaping, and those are copied as they are. */
    private static void text(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c < ' ') {
                JsonStringEncoder.getInstance().quoteAsString(text, json);
                json.append('"');
                return;
            }
        }
        json.append(text).append('"');
    }

    static LedgerEvent read(String json) {
        Map<String, Object> fields = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not an event: expected a JSON object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                fields.put(name, value(name, parser));
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("not an event: expected one JSON object and nothing after it");
            }
        } catch (JsonProcessingException broken) {
            JsonLocation where = broken.getLocation(); // none where a text or a number is too long
            throw new IllegalArgumentException(
                    "not an event: broken JSON at column " + (where == null ? "?" : where.getColumnNr()), broken);
        } catch (IOException impossible) { // the text is in memory
            throw new IllegalArgumentException("not an event", impossible);
        }
        return event(fields);
    }

    private static Object value(String name, JsonParser parser) throws IOException {
        return switch (parser.nextToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            default ->
                throw new IllegalArgumentException(
                        "not an event: field '%s' is %s, expected text, a number or a boolean"
                                .formatted(Sanitizer.clean(name, 128), parser.currentToken()));
        };
    }

    private static LedgerEvent event(Map<String, Object> fields) {
        String name = text(fields, EventField.EVENT);
        EventType type = EventType.ofName(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "not an event: '%s' is not in the vocabulary".formatted(Sanitizer.clean(name, 128))));
        String occurredAt = text(fields, EventField.OCCURRED_AT);
        try {
            return new LedgerEvent(
                    type,
                    text(fields, EventField.EVENT_ID),
                    Instant.parse(occurredAt),
                    FlatFields.copyOf(fields),
                    Map.of(),
                    null,
                    null);
        } catch (DateTimeException noInstant) {
            throw new IllegalArgumentException(
                    "not an event: occurredAt is '%s', expected a UTC instant"
                            .formatted(Sanitizer.clean(occurredAt, 64)),
                    noInstant);
        }
    }

    private static String text(Map<String, Object> fields, EventField field) {
        if (fields.get(field.fieldName()) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("not an event: no text in field '" + field.fieldName() + "'");
    }
}
