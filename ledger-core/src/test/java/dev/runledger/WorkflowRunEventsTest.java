package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventJson;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.redact.Limits;
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.logstash.logback.encoder.LogstashEncoder;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class WorkflowRunEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Keeps the events that it receives. */
    private static final class Recorder implements EventSink {
        private final List<LedgerEvent> events = new ArrayList<>();

        @Override
        public Delivery delivery() {
            return Delivery.INLINE;
        }

        @Override
        public boolean wants(EventType type) {
            return true;
        }

        @Override
        public void accept(LedgerEvent event) {
            events.add(event);
        }

        LedgerEvent last() {
            return events.get(events.size() - 1);
        }
    }

    private final Recorder recorder = new Recorder();
    private final WorkflowRunEvents events =
            WorkflowRunEvents.builder().sink(recorder).echo(false).build();

    private static EventFields succeeded() {
        return EventFields.of()
                .runId("r-1")
                .workflowName("review")
                .duration(Duration.ofMillis(1500))
                .queueWait(Duration.ofMillis(20))
                .suspended(Duration.ZERO);
    }

    // ---- the contract

    @Test
    void anApplicationWithItsOwnTablesSaysWhatItKnows() {
        events.log(WorkflowRunEvent.SUCCEEDED, succeeded().put("prNumber", 42).put(EventField.SEQ, 3));
        assertThat(recorder.last().eventId()).isEqualTo("r-1:3");
        assertThat(recorder.last().fields())
                .containsEntry("event", "workflow.run.succeeded")
                .containsEntry("durationMs", 1500L)
                .containsEntry("prNumber", 42L)
                .doesNotContainKey("contractViolation");
        assertThat(recorder.last().fields().keySet().stream().limit(4))
                .containsExactly("event", "eventId", "schemaVersion", "occurredAt");
    }

    @Test
    void everyTerminalEventIsEchoedUnlessTheEchoIsOff() {
        Recorder echoed = new Recorder();
        WorkflowRunEvents echoing = WorkflowRunEvents.builder().sink(echoed).build();
        echoing.log(
                WorkflowRunEvent.SUCCEEDED, succeeded().put(EventField.SEQ, 3).put("own", "x"));
        assertThat(echoed.last().eventId()).isEqualTo("r-1:3:completed");
        assertThat(echoed.last().fields())
                .containsEntry("outcome", "succeeded")
                .containsEntry("durationMs", 1500L)
                .doesNotContainKey("queueWaitMs")
                .doesNotContainKey("own");
        echoing.log(WorkflowRunEvent.QUEUED, EventFields.of().runId("r-2").workflowName("review"));
        assertThat(echoed.events).hasSize(3);
    }

    @Test
    void aMissingFieldIsReportedAndCountedAndThrowsNothing() {
        events.log(WorkflowRunEvent.FAILED, EventFields.of().runId("r-1"));
        assertThat(recorder.last().text(EventField.CONTRACT_VIOLATION).orElseThrow())
                .isEqualTo("missing workflowName; missing reason; missing durationMs");
        assertThat(events.counters().contractViolations()).isEqualTo(1);
    }

    @Test
    void aNameThatTheContractOrAnEncoderOwnsIsRefused() {
        events.log(
                WorkflowRunEvent.SUCCEEDED,
                succeeded()
                        .put("reason", "x")
                        .put("message", "x")
                        .put("error.code", 1)
                        .put("a b", 1)
                        .put("pr", 1)
                        .put("pr.number", 2)
                        .put("PR", 2)
                        .put("run_id", "mine")
                        .put("event.dataset", "mine")
                        .put("eventId", "mine")
                        .put("seq", "three")
                        .put("score", Double.NaN));
        LedgerEvent event = recorder.last();
        assertThat(event.fields())
                .doesNotContainKeys(
                        "reason", "message", "error.code", "a b", "pr.number", "PR", "run_id", "event.dataset", "seq");
        assertThat(event.eventId()).isNotEqualTo("mine");
        assertThat(event.text(EventField.CONTRACT_VIOLATION).orElseThrow())
                .contains("reason is not for the call site to set on workflow.run.succeeded")
                .contains("message is a name that log encoders own")
                .contains("error.code")
                .contains("'a b' is not a field name")
                .contains("pr.number clashes with the field pr:")
                .contains("PR clashes with the field pr:")
                .contains("run_id is a name of the contract in another spelling")
                .contains("event.dataset is a name of the contract in another spelling, or has one before its dot")
                .contains("eventId is not for the call site")
                .contains("seq is a java.lang.String, expected INTEGER")
                .contains("score is a java.lang.Double, which is not a type of a field");
        assertThat(event.fields()).containsEntry("pr", 1L);
    }

    @Test
    void anEventOfTheLeastLimitFitsIntoItWhateverIsPutIntoIt() {
        for (EventType type : EventType.all()) {
            for (int custom : new int[] {0, 20, 2_000}) {
                EventFields fields = EventFields.of();
                for (EventField field : EventField.values()) {
                    if (field.type() == EventField.Type.TEXT) {
                        fields.put(field.fieldName(), "\uD83D\uDE80\"".repeat(2_000)); // escaped, and four bytes each
                    }
                }
                for (int i = 0; i < custom; i++) {
                    fields.put("custom" + i, i % 2 == 0 ? "\"".repeat(4_000) : "x".repeat(60));
                }
                Recorder small = new Recorder();
                WorkflowRunEvents.builder()
                        .sink(small)
                        .echo(false)
                        .limits(Limits.standard().event(8_192))
                        .build()
                        .log(type, fields.runId("r-1").workflowName("review"));
                LedgerEvent event = small.last();
                assertThat(EventJson.write(event).getBytes(StandardCharsets.UTF_8))
                        .as("%s with %d custom fields", type.eventName(), custom)
                        .hasSizeLessThanOrEqualTo(8_192);
                assertThat(event.get(EventField.TRUNCATED)).contains(true);
                assertThat(event.text(EventField.WORKFLOW_NAME)).contains("review");
            }
        }
    }

    @Test
    void valuesOfAMapThatNoFieldCanBeAreNeverAskedForTheirText() {
        Map<String, Object> map = new HashMap<>();
        map.put("runId", RunId.of("r-1"));
        map.put("workflowName", "review");
        map.put("hostile", new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("asked");
            }
        });
        map.put("list", List.of(1));
        map.put("gone", null);
        map.put("at", Instant.EPOCH);
        map.put("decimal", new BigDecimal("0.25"));
        map.put("big", BigInteger.TEN.pow(40));
        events.log(WorkflowRunEvent.QUEUED, map);
        assertThat(recorder.last().fields())
                .containsEntry("at", "1970-01-01T00:00:00.000000Z")
                .containsEntry("decimal", 0.25)
                .containsEntry("big", "java.math.BigInteger")
                .doesNotContainKey("gone")
                .containsKey("hostile");
        assertThat(recorder.last().text(EventField.CONTRACT_VIOLATION).orElseThrow())
                .contains("list is a java.util");
    }

    @Test
    void everyTextIsRedactedByItsNameAndByItsShape() {
        events.log(
                WorkflowRunEvent.FAILED,
                EventFields.of()
                        .runId("r-1")
                        .workflowName("review")
                        .put("apiKey", "k-1")
                        .put("note1", "curl -H 'Authorization: Bearer abc123'")
                        .failure(Failure.of(new IllegalStateException("login with password=hunter2 failed"))));
        assertThat(EventJson.write(recorder.last()))
                .doesNotContain("k-1", "abc123", "hunter2")
                .contains("Bearer [redacted]");
        assertThat(events.counters().redactions()).isGreaterThanOrEqualTo(3);
        assertThat(recorder.last().cause().orElseThrow()).isNotInstanceOf(IllegalStateException.class);
    }

    @Test
    void anEventIsNeverOverItsLimit() throws Exception {
        EventFields large = succeeded();
        for (int i = 0; i < 100; i++) {
            large.put("own" + i, "\"ü\\".repeat(3000));
        }
        events.log(WorkflowRunEvent.SUCCEEDED, large);
        LedgerEvent event = recorder.last();
        assertThat(event.fields()).containsEntry("truncated", true).hasSizeLessThanOrEqualTo(64);
        byte[] json = EventJson.write(event).getBytes(StandardCharsets.UTF_8);
        assertThat(json).hasSizeLessThanOrEqualTo(65_536);
        assertThat(JSON.readTree(json).get("durationMs").asLong()).isEqualTo(1500);
    }

    @Test
    void whereNobodyListensNothingIsBuilt() {
        EventSink deaf = new EventSink() {
            @Override
            public boolean wants(EventType type) {
                return false;
            }

            @Override
            public void accept(LedgerEvent event) {
                throw new AssertionError("it wants nothing");
            }
        };
        WorkflowRunEvents quiet =
                WorkflowRunEvents.builder().sink(EventSink.inline(deaf)).build();
        quiet.log(WorkflowRunEvent.FAILED, EventFields.of());
        assertThat(quiet.counters().contractViolations()).isZero();
        assertThat(quiet.isWanted(WorkflowRunEvent.FAILED)).isFalse();
    }

    @Test
    void theJsonFormReadsBackAsTheSameEvent() {
        events.log(
                WorkflowRunEvent.SUCCEEDED,
                succeeded().put("text", "a\"b\\c").put("ratio", 0.5).put("flag", true));
        LedgerEvent read = EventJson.read(EventJson.write(recorder.last()));
        assertThat(read).isEqualTo(recorder.last());
        for (String bad :
                List.of("", "[]", "{\"event\":\"x\"}", "{\"event\":\"workflow.run.queued\"}", "{}{}", "{\"a\":{}}")) {
            assertThatThrownBy(() -> EventJson.read(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not an event");
        }
    }

    @Test
    void idsOfEventsWithoutARunSortByTime() {
        for (int i = 0; i < 1000; i++) {
            events.log(
                    WorkflowRunEvent.DISPATCH_REFUSED,
                    EventFields.of().workflowName("w").reason("x").put("reasonCode", "other"));
        }
        List<String> ids = recorder.events.stream().map(LedgerEvent::eventId).toList();
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ids.get(0)).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    // ---- the log line

    @Test
    void theHostsMdcIsExactlyAsItWasInEveryMode() {
        for (Slf4jSink.Mode mode : Slf4jSink.Mode.values()) {
            String logger = "test." + mode;
            try (Lines lines = Lines.of(logger, new LogstashEncoder())) {
                WorkflowRunEvents logging = WorkflowRunEvents.builder()
                        .sink(Slf4jSink.builder().mode(mode).logger(logger).build())
                        .echo(false)
                        .build();
                MDC.put("runId", "the host's");
                MDC.put("user", "ada");
                Map<String, String> before = MDC.getCopyOfContextMap();
                for (int i = 0; i < 10_000; i++) {
                    logging.log(WorkflowRunEvent.SUCCEEDED, succeeded());
                }
                assertThat(MDC.getCopyOfContextMap()).isEqualTo(before);
                assertThat(lines.all()).hasSize(10_000);
                assertThat(lines.last())
                        .doesNotContain("the host's")
                        .contains("ada")
                        .contains("r-1");
            } finally {
                MDC.clear();
            }
        }
    }

    @Test
    void namesCanBeSnakeCaseOnTheLine() throws Exception {
        try (Lines lines = Lines.ofMessages("test.snake")) {
            WorkflowRunEvents logging = WorkflowRunEvents.builder()
                    .sink(Slf4jSink.builder()
                            .mode(Slf4jSink.Mode.JSON_MESSAGE)
                            .naming(Slf4jSink.Naming.SNAKE_CASE)
                            .logger("test.snake")
                            .build())
                    .echo(false)
                    .build();
            logging.log(
                    WorkflowRunEvent.SUCCEEDED, succeeded().put("prNumber", 1).put("HTTPStatus", 200));
            Set<String> names = new TreeMap<>(JSON.convertValue(JSON.readTree(lines.last()), Map.class)).keySet();
            assertThat(names)
                    .contains("run_id", "queue_wait_ms", "pr_number", "http_status", "severity")
                    .noneMatch(name -> name.chars().anyMatch(Character::isUpperCase));
        }
    }

    @Test
    void aHostInTransitionKeepsItsOldFieldsWhereTheContractDoesNotOwnTheName() throws Exception {
        try (Lines lines = Lines.ofMessages("test.legacy")) {
            Map<String, String> old = new LinkedHashMap<>();
            old.put("outcome", "OK");
            old.put("durationMs", "12");
            old.put("message", "x");
            old.put("password", "hunter2");
            WorkflowRunEvents logging = WorkflowRunEvents.builder()
                    .sink(Slf4jSink.builder()
                            .mode(Slf4jSink.Mode.JSON_MESSAGE)
                            .logger("test.legacy")
                            .legacyFields(event -> old)
                            .build())
                    .echo(false)
                    .build();
            logging.log(WorkflowRunEvent.SUCCEEDED, succeeded());
            JsonNode line = JSON.readTree(lines.last());
            assertThat(line.get("outcome").asText()).isEqualTo("OK");
            assertThat(line.get("durationMs").asLong()).isEqualTo(1500);
            assertThat(line.has("message")).isFalse();
            assertThat(line.get("password").asText()).isEqualTo("[redacted]");
        }
    }

    @Test
    void theErrorIsAttachedToTheLogCallAndItsStackIsNotAFieldAsWell() throws Exception {
        try (Lines lines = Lines.of(Slf4jSink.LOGGER, new LogstashEncoder())) {
            WorkflowRunEvents logging = WorkflowRunEvents.toLog();
            logging.log(
                    WorkflowRunEvent.FAILED,
                    succeeded()
                            .failure(Failure.of(new IllegalStateException("boom")))
                            .put(EventField.UNCAUGHT, true));
            JsonNode line = JSON.readTree(lines.all().get(0));
            assertThat(line.get("stack_trace").asText()).startsWith("java.lang.IllegalStateException: boom");
            assertThat(line.get("level").asText()).isEqualTo("ERROR");
            assertThat(line.has("errorStack")).isFalse();
            assertThat(line.get("errorClass").asText()).isEqualTo("java.lang.IllegalStateException");
        }
    }

    @Test
    void aLoggerThatIsOffWantsNothing() {
        ((Logger) LoggerFactory.getLogger("test.off")).setLevel(Level.WARN);
        Slf4jSink sink = Slf4jSink.builder().logger("test.off").build();
        assertThat(sink.wants(WorkflowRunEvent.QUEUED)).isFalse();
        assertThat(sink.wants(WorkflowRunEvent.INCOMPLETE)).isTrue();
        assertThat(sink.wants(TaskRunEvent.RETRYING)).as("can be graver").isTrue();
    }
}
