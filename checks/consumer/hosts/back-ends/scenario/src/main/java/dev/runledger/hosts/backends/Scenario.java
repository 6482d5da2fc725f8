package dev.runledger.hosts.backends;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.sink.Slf4jSink;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.MDC;

/**
 * What is logged through every back end: a run that succeeded and one that failed by an error, while the host's MDC holds a key of
 * the event and one of its own.
 */
public final class Scenario {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Scenario() {}

    /** Logs the scenario and answers the lines that came out on standard output. */
    public static List<String> lines(Slf4jSink.Mode mode) {
        return lines(Slf4jSink.builder().mode(mode).build());
    }

    /** Logs the scenario through this sink and answers the lines that came out on standard output. */
    public static List<String> lines(Slf4jSink sink) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (WorkflowRunEvents events =
                WorkflowRunEvents.builder().sink(sink).echo(false).build()) {
            MDC.put("runId", "the host's");
            MDC.put("user", "ada");
            Map<String, String> mdc = MDC.getCopyOfContextMap();
            events.log(WorkflowRunEvent.SUCCEEDED, ended());
            events.log(
                    WorkflowRunEvent.FAILED,
                    ended().failure(Failure.of(new IllegalStateException("boom")))
                            .put(EventField.UNCAUGHT, false));
            assertThat(MDC.getCopyOfContextMap()).isEqualTo(mdc);
            assertThat(events.counters().sinks().get(0).delivered()).isEqualTo(2);
        } finally {
            MDC.clear();
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static EventFields ended() {
        return EventFields.of()
                .runId("r-1")
                .put(EventField.SEQ, 3)
                .workflowName("review")
                .duration(Duration.ofMillis(1500))
                .queueWait(Duration.ofMillis(20))
                .suspended(Duration.ZERO)
                .put("prNumber", 42);
    }

    /** Asserts that the line is one JSON object with the event's fields under this object of it, and the host's MDC beside them. */
    public static JsonNode assertThatItIsWhole(String line, String pointer) {
        JsonNode whole = json(line);
        JsonNode fields = whole.at(pointer);
        assertThat(fields.path("event").asText()).startsWith("workflow.run.");
        assertThat(fields.path("eventId").asText()).isEqualTo("r-1:3");
        assertThat(fields.path("runId").asText()).isEqualTo("r-1");
        assertThat(fields.path("durationMs").asText()).isEqualTo("1500");
        assertThat(fields.path("prNumber").asText()).isEqualTo("42");
        assertThat(line).contains("ada").doesNotContain("the host's");
        return whole;
    }

    /** The line as JSON; fails the test where it is none, or holds a name twice. */
    public static JsonNode json(String line) {
        try {
            return JSON.reader()
                    .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .readTree(line);
        } catch (JsonProcessingException broken) {
            throw new AssertionError("not one JSON object: " + line, broken);
        }
    }
}
