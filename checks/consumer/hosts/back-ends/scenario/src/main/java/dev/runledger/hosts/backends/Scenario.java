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
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
        return logged(sink, Map.of("runId", "the host's", "user", "ada"), events -> {
            events.log(WorkflowRunEvent.SUCCEEDED, ended());
            events.log(
                    WorkflowRunEvent.FAILED,
                    ended().failure(Failure.of(new IllegalStateException("boom")))
                            .put(EventField.UNCAUGHT, false));
            assertThat(events.counters().sinks().get(0).delivered()).isEqualTo(2);
        });
    }

    /**
     * Logs in a naming that an index takes, while the host's MDC, its old fields and its own ones have names that would clash; keeps the lines
     * for the test that indexes them, and answers them.
     */
    public static List<String> indexable(String backEnd, Slf4jSink.Mode mode, Slf4jSink.Naming naming) {
        Slf4jSink sink = Slf4jSink.builder()
                .mode(mode)
                .naming(naming)
                .legacyFields(event -> Map.of("runledger", "hidden", "runledger.run_id", "hidden", "old.outcome", "OK"))
                .build();
        Map<String, String> mdc =
                Map.of("runledger", "the host's", "runledger.run_id.of", "the host's", "user.name", "ada");
        List<String> lines = logged(sink, mdc, events -> {
            events.log(
                    WorkflowRunEvent.QUEUED,
                    EventFields.of().runId("r-1").workflowName("review").target("2026-11-25"));
            events.log(
                    WorkflowRunEvent.QUEUED,
                    EventFields.of().runId("r-2").workflowName("review").target("repo/x"));
            events.log(WorkflowRunEvent.SUCCEEDED, ended().put("score", 0.5).put("draft", true));
            events.log(WorkflowRunEvent.FAILED, ended().failure(Failure.of(new IllegalStateException("boom"))));
            events.log(WorkflowRunEvent.CANCELLED, ended().reason("called off"));
            assertThat(events.counters().contractViolations()).isZero();
            assertThat(events.counters().sinks().get(0).delivered()).isEqualTo(5);
        });
        assertThat(lines)
                .hasSize(5)
                .allSatisfy(line -> assertThat(line)
                        .contains("workflow.run.", "OK")
                        .contains(mode == Slf4jSink.Mode.JSON_MESSAGE ? "" : "ada") // whose line is the event alone
                        .doesNotContain("the host's", "hidden"));
        keep(backEnd + "." + naming + ".ndjson", lines);
        return lines;
    }

    /** Logs a failure whose message would forge a line of slf4j-simple, and answers the lines. */
    public static List<String> forged(Slf4jSink.Mode mode) {
        return logged(
                Slf4jSink.builder().mode(mode).build(),
                Map.of(),
                events -> events.log(
                        WorkflowRunEvent.FAILED,
                        ended().failure(Failure.of(new IllegalStateException("boom\n[main] INFO a.B - forged")))));
    }

    private static void keep(String name, List<String> lines) {
        try {
            Files.write(Files.createDirectories(Path.of("target", "lines")).resolve(name), lines);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static List<String> logged(Slf4jSink sink, Map<String, String> hosts, Consumer<WorkflowRunEvents> logging) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (WorkflowRunEvents events =
                WorkflowRunEvents.builder().sink(sink).echo(false).build()) {
            hosts.forEach(MDC::put);
            Map<String, String> mdc = MDC.getCopyOfContextMap();
            logging.accept(events);
            assertThat(MDC.getCopyOfContextMap()).isEqualTo(mdc);
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
