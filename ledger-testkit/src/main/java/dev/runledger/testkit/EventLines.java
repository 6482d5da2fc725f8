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
 * Lines of JSON held to the published JSON Schema of the events, and the lines that a consumer in another language is tried with.
 *
 * <p>Both are files in this jar, {@value #SCHEMA} and {@value #GOLDEN}, so that a build in any language can take them from there.
 * Thread-safe.
 */
public final class EventLines {
    /** Where the JSON Schema of the events is on the class path. */
    public static final String SCHEMA = "dev/runledger/testkit/event.schema.json";

    /** Where the golden lines are on the class path: each event of the vocabulary on a line of its own, with all of its fields. */
    public static final String GOLDEN = "dev/runledger/testkit/events.jsonl";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Read when the first line is looked at. */
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

    /** The JSON Schema of the events, as it is published. */
    public static String schema() {
        return resource(SCHEMA);
    }

    /** The golden lines, in the order of the vocabulary. */
    public static List<String> golden() {
        return resource(GOLDEN).lines().toList();
    }

    /**
     * What keeps the line from being an event, each with the field where; empty where it is one. A line is one where it is one
     * JSON object without a name twice and satisfies the schema, the host's own fields and the encoder's beside it included.
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
     * Asserts that a line which a sink wrote or a log printed is an event by the schema, and answers it.
     *
     * @throws AssertionError if it is not; it says what keeps it from being one, and shows the line
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
