package dev.runledger.jdbi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes and reads the small JSON documents in columns. What is read names no class: an object is a map of plain values. */
final class Json {
    /**
     * One level more than the default, by which the ledger parses a payload: in its column it stands one level deeper. And without buffers of
     * threads: those of a server's threads would keep the class loader of an application that is gone.
     */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.USE_THREAD_LOCAL_FOR_BUFFER_RECYCLING)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(StreamReadConstraints.DEFAULT_MAX_DEPTH + 1)
                    .build())
            .build();

    private static final ObjectMapper TREES = new ObjectMapper(FACTORY);

    private Json() {}

    /** Writes the members of an object. */
    @FunctionalInterface
    interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    /** Returns the object with these members. */
    static String object(Members members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException impossible) { // it is written to memory
            throw new IllegalStateException(impossible);
        }
        return text.toString();
    }

    /** Writes a member, or nothing if it is empty. */
    static void text(JsonGenerator json, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        }
    }

    /**
     * Reads the text as an object.
     *
     * @throws IllegalArgumentException if it is not one; the message does not repeat the text
     */
    static JsonNode read(String column, String text) {
        try {
            JsonNode tree = TREES.readTree(text);
            if (tree != null && tree.isObject()) {
                return tree;
            }
        } catch (JsonProcessingException broken) {
            JsonLocation where = broken.getLocation();
            if (where == null) { // not wrong, but too deep or with too long a number
                throw new IllegalArgumentException("%s is not JSON that can be read: %s"
                        .formatted(column, broken.getClass().getSimpleName()));
            }
            throw new IllegalArgumentException(
                    "%s is not JSON: broken at column %s".formatted(column, where.getColumnNr()));
        }
        throw new IllegalArgumentException(column + " is not JSON: expected an object");
    }

    /** Returns a text of an object, or null. */
    static @Nullable String text(JsonNode object, String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value.asText();
    }

    /** Returns the raw text of a member's value, exactly as it is written, or null if the object has no such member. */
    static @Nullable String raw(String object, String name) throws IOException {
        try (JsonParser json = FACTORY.createParser(object)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = name.equals(json.currentName());
                json.nextToken();
                int from = (int) json.currentTokenLocation().getCharOffset();
                json.skipChildren();
                if (found) {
                    json.finishToken();
                    return object.substring(from, (int) json.currentLocation().getCharOffset());
                }
            }
            return null;
        }
    }

    /** Writes a list of texts. */
    static String ofList(Collection<String> texts) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeArray(texts.toArray(String[]::new), 0, texts.size());
        } catch (IOException impossible) { // it is written to memory
            throw new IllegalStateException(impossible);
        }
        return text.toString();
    }

    /** Writes a map of texts; null if it is empty. */
    static @Nullable String ofTexts(Map<String, String> texts) {
        if (texts.isEmpty()) {
            return null;
        }
        return object(json -> {
            for (Map.Entry<String, String> entry : texts.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
        });
    }

    static Map<String, String> texts(String column, @Nullable String text) {
        if (text == null) {
            return Map.of();
        }
        Map<String, String> texts = new LinkedHashMap<>();
        read(column, text)
                .properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }
}
