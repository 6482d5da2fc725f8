package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventJson;
import dev.runledger.event.EventType;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.sink.Slf4jSink;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.logstash.logback.encoder.LogstashEncoder;
import org.junit.jupiter.api.Test;

/** Maps and secrets that no application should hand in, and some does. */
class HostileMapsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

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

    /** Makes maps that no application should make, and some does. */
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
