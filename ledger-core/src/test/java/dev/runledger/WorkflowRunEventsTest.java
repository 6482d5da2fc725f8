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
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
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
                        .put("eventId", "mine")
                        .put("seq", "three")
                        .put("score", Double.NaN));
        LedgerEvent event = recorder.last();
        assertThat(event.fields()).doesNotContainKeys("reason", "message", "error.code", "a b", "pr.number", "seq");
        assertThat(event.eventId()).isNotEqualTo("mine");
        assertThat(event.text(EventField.CONTRACT_VIOLATION).orElseThrow())
                .contains("reason is not for the call site to set on workflow.run.succeeded")
                .contains("message is a name that log encoders own")
                .contains("error.code")
                .contains("'a b' is not a field name")
                .contains("pr.number is the dotted prefix")
                .contains("eventId is not for the call site")
                .contains("seq is a java.lang.String, expected INTEGER")
                .contains("score is a java.lang.Double, which is not a type of a field");
        assertThat(event.fields()).containsEntry("pr", 1L);
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

    // ---- hostile maps

    /** 10,000 maps from a seeded generator, through the key-values of a real encoder and through the JSON message. */
    @Test
    void whateverAMapHoldsOneLineOfJsonComesOut() throws Exception {
        long seed = Long.getLong("ledger.seed", 20260301L);
        System.out.println("hostile maps from seed " + seed);
        Random random = new Random(seed);
        try (Lines keyValues = Lines.of(Slf4jSink.LOGGER, new LogstashEncoder());
                Lines messages = Lines.ofMessages(Slf4jSink.JSON_LOGGER)) {
            WorkflowRunEvents logging = WorkflowRunEvents.builder()
                    .sink(Slf4jSink.keyValues())
                    .sink(Slf4jSink.jsonMessage())
                    .echo(false)
                    .build();
            int count = Integer.getInteger("ledger.maps", 10_000);
            for (int i = 0; i < count; i++) {
                EventType type =
                        EventType.all().get(random.nextInt(EventType.all().size()));
                @SuppressWarnings("unchecked") // a raw map from an older library
                Map<String, ?> raw = (Map<String, ?>) HostileMaps.next(random);
                logging.log(type, raw);
            }
            assertThat(logging.counters().buildFailures()).isZero();
            assertThat(logging.counters().sinks()).allMatch(sink -> sink.failed() == 0);
            assertThat(messages.all().size() + keyValues.all().size()).isGreaterThanOrEqualTo((int) (count * 1.8));
            for (List<String> lines : List.of(keyValues.all(), messages.all())) {
                for (String line : lines) {
                    String content = line.stripTrailing();
                    assertThat(content.chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
                    JsonNode parsed = JSON.readTree(content);
                    assertThat(parsed.isObject()).isTrue();
                    assertThat(content.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(66_000);
                }
            }
            for (String line : messages.all()) {
                EventJson.read(line);
            }
        }
    }

    /** 200 seeded secrets of ten kinds, in values, keys' values, messages and causes: none may come out. */
    @Test
    void noCanaryComesOut() {
        Random random = new Random(7);
        try (Lines keyValues = Lines.of(Slf4jSink.LOGGER, new LogstashEncoder());
                Lines messages = Lines.ofMessages(Slf4jSink.JSON_LOGGER)) {
            WorkflowRunEvents logging = WorkflowRunEvents.builder()
                    .sink(Slf4jSink.keyValues())
                    .sink(Slf4jSink.jsonMessage())
                    .build();
            List<String> canaries = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Canary canary = Canary.next(random, i);
                canaries.add(canary.secret());
                EventFields fields = EventFields.of()
                        .runId("r-" + i)
                        .workflowName("review")
                        .put("hostNote", "seen: " + canary.text() + " there")
                        .failure(Failure.of(
                                "failed with " + canary.text(),
                                new RuntimeException("outer", new SQLException(canary.text()))));
                if (canary.name() != null) {
                    fields.put(canary.name(), canary.secret());
                }
                logging.log(WorkflowRunEvent.FAILED, fields);
            }
            String all = String.join("", keyValues.all()) + String.join("", messages.all());
            assertThat(canaries).allSatisfy(secret -> assertThat(all).doesNotContain(secret));
            assertThat(logging.counters().redactions()).isGreaterThan(400);
        }
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

    /** Makes maps that no host should make, and some does. */
    static final class HostileMaps {
        private static final String[] NAMES = {
            "runId",
            "workflowName",
            "reason",
            "durationMs",
            "seq",
            "target",
            "eventId",
            "message",
            "level",
            "a.b",
            "a",
            "own",
            "x y",
            "",
            "\n",
            "password",
            "taskId",
            "queueWaitMs",
            "uncaught",
            "deadline",
            "@timestamp",
            "n\u0000n"
        };

        private HostileMaps() {}

        static Map<?, ?> next(Random random) {
            if (random.nextInt(50) == 0) {
                return new AbstractMap<String, Object>() {
                    @Override
                    public Set<Entry<String, Object>> entrySet() {
                        throw new IllegalStateException("no entries for you");
                    }
                };
            }
            Map<Object, Object> map = new HashMap<>();
            int size = random.nextInt(12);
            for (int i = 0; i < size; i++) {
                Object name = random.nextInt(20) == 0 ? null : NAMES[random.nextInt(NAMES.length)];
                map.put(random.nextInt(40) == 0 ? (Object) 7 : name, value(random, map));
            }
            return map;
        }

        private static Object value(Random random, Map<?, ?> self) {
            return switch (random.nextInt(16)) {
                case 0 -> null;
                case 1 -> "";
                case 2 -> "a\r\nb\u0085c\u2028d\u001B[2Je\bf\u0000g\u202Eh\uD800i";
                case 3 -> random.nextInt(50) == 0 ? "x".repeat(1 << 20) : "short";
                case 4 -> Double.NaN;
                case 5 -> Float.NEGATIVE_INFINITY;
                case 6 -> new BigDecimal("1E+1000000000");
                case 7 -> self;
                case 8 -> new Hostile();
                case 9 -> random.nextLong();
                case 10 -> random.nextBoolean();
                case 11 -> Instant.MAX;
                case 12 -> Duration.ofSeconds(Long.MAX_VALUE);
                case 13 -> List.of(List.of(1));
                case 14 -> "\"\\/\u2029{}[]:,".repeat(400);
                default -> randomText(random);
            };
        }

        private static String randomText(Random random) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append((char) random.nextInt(0x10000));
            }
            return text.toString();
        }

        /** Throws or recurses whatever it is asked. */
        private static final class Hostile implements Iterable<Object> {
            @Override
            public String toString() {
                return toString();
            }

            @Override
            public int hashCode() {
                throw new IllegalStateException("no hash");
            }

            @Override
            public boolean equals(Object other) {
                throw new IllegalStateException("no equality");
            }

            @Override
            public Iterator<Object> iterator() {
                throw new IllegalStateException("no iterator");
            }
        }
    }

    /** A secret, a text that it stands in, and a name that it may stand under. */
    record Canary(String secret, String text, String name) {
        static Canary next(Random random, int index) {
            String s = token(random, 24);
            return switch (index % 10) {
                case 0 -> new Canary(s, "jdbc:postgresql://h/db?user=a&password=" + s, "dbPassword");
                case 1 -> new Canary(s, "Authorization: Bearer " + s, "authorization");
                case 2 -> {
                    String key = "AKIA" + token(random, 16).toUpperCase(Locale.ROOT);
                    yield new Canary(key, "used " + key, "awsAccessKey");
                }
                case 3 ->
                    new Canary(s, "-----BEGIN PRIVATE KEY----- " + s + " -----END PRIVATE KEY-----", "privateKey");
                case 4 -> new Canary(s, "login with password=" + s, "password");
                case 5 -> new Canary(s, "Set-Cookie: sid=" + s + "; Path=/", "setCookie");
                case 6 -> new Canary("4111-1111-1111-1111", "card 4111-1111-1111-1111", "cardNumber");
                case 7 -> new Canary(s, "https://ada:" + s + "@example.org/", "connectionString");
                case 8 -> new Canary("ghp_" + s, "push with ghp_" + s, "githubToken");
                default -> new Canary(s, "{\"client_secret\":\"" + s + "\"}", "client_secret");
            };
        }

        private static String token(Random random, int length) {
            StringBuilder token = new StringBuilder("Z9");
            while (token.length() < length) {
                token.append("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789".charAt(random.nextInt(55)));
            }
            return token.toString();
        }
    }
}
