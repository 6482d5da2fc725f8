package dev.runledger.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.runledger.event.EventJson;
import dev.runledger.event.LedgerEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Checks lines of JSON against the published JSON Schema of the events, and has sample lines for consumers in other languages.
 *
 * <p>Both are files in this jar, {@value #SCHEMA} and {@value #GOLDEN}, so that a build in any language can take them from there.
 * Thread-safe.
 */
public final class EventLines {
    /** Where the JSON Schema of the events is on the class path. */
    public static final String SCHEMA = "dev/runledger/testkit/event.schema.json";

    /** Where the golden lines are on the class path: each event of the vocabulary on one line, with all of its fields. */
    public static final String GOLDEN = "dev/runledger/testkit/events.jsonl";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Parsed when the first line is checked. */
    private static final class Parsed {
        static final JsonNode SCHEMA_TREE = parse(schema());

        private static JsonNode parse(String schema) {
            try {
                return JSON.readTree(schema);
            } catch (JsonProcessingException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    private EventLines() {}

    /** Returns the JSON Schema of the events, as it is published. */
    public static String schema() {
        return resource(SCHEMA);
    }

    /** Returns the golden lines, in the order of the vocabulary. */
    public static List<String> golden() {
        return resource(GOLDEN).lines().toList();
    }

    /**
     * Returns what keeps the line from being an event, each fault with its field; empty if it is an event. A line is an event if it is one
     * JSON object without a name twice and satisfies the schema. It may have custom fields and fields of the encoder.
     */
    public static List<String> faults(String line) {
        Objects.requireNonNull(line, "line");
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            return List.of("$ is more than one line");
        }
        try {
            JsonNode event = JSON.readTree(line);
            return event.isMissingNode()
                    ? List.of("$ is empty, expected a JSON object")
                    : SchemaCheck.faults(Parsed.SCHEMA_TREE, event);
        } catch (JsonProcessingException broken) {
            return List.of("$ is not JSON: " + broken.getOriginalMessage());
        }
    }

    /**
     * Verifies that a line that a sink wrote or a log printed is an event by the schema, and returns the event.
     *
     * @throws AssertionError if it is not; the message names the faults and shows the line
     */
    public static LedgerEvent assertThatIsEvent(String line) {
        List<String> faults = faults(line);
        if (!faults.isEmpty()) {
            throw new AssertionError("not an event by the schema:%n  %s%nin the line%n  %s"
                    .formatted(String.join("\n  ", faults), line));
        }
        return EventJson.read(line);
    }

    private static String resource(String name) {
        try (InputStream file = EventLines.class.getClassLoader().getResourceAsStream(name)) {
            return new String(
                    Objects.requireNonNull(file, () -> name + " is not on the class path")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
