package dev.runledger.trials;

import dev.runledger.event.EventFields;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Maps and texts that no application should make and some do: the same ones for the same seed. */
final class HostileFields {
    private static final String[] NAMES = {
        "own", "a.b", "a.c", "b", "HTTPStatus", "x_y", "x-y", "password", "n" + "n".repeat(100), "Z9", "ratio", "at"
    };

    /** Names that the contract or an encoder owns, and texts that are not names. */
    private static final String[] BAD_NAMES = {
        "runId", "reason", "seq", "message", "level", "@timestamp", "x y", "", "\n", "n\u0000n", "a", "\uD800", "\u0430"
    };

    private final Random random;

    HostileFields(Random random) {
        this.random = random;
    }

    /** Returns any map: with bad names, values of every kind or itself in it, or one that throws when it is read. */
    Map<String, Object> any() {
        if (random.nextInt(50) == 0) {
            return new AbstractMap<String, Object>() {
                @Override
                public Set<Entry<String, Object>> entrySet() {
                    throw new IllegalStateException("no entries for you");
                }
            };
        }
        Map<String, Object> map = new HashMap<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            boolean bad = random.nextInt(4) == 0;
            String name = bad ? BAD_NAMES[random.nextInt(BAD_NAMES.length)] : NAMES[random.nextInt(NAMES.length)];
            map.put(random.nextInt(40) == 0 ? null : name, value(map));
        }
        return map;
    }

    /** Returns fields that a ledger takes: good names, values of the kinds that a field has, and sometimes very many. */
    EventFields taken() {
        EventFields fields = EventFields.of();
        for (int i = random.nextInt(6); i > 0; i--) {
            String name = NAMES[random.nextInt(NAMES.length)];
            switch (random.nextInt(5)) {
                case 0 -> fields.put(name, random.nextLong());
                case 1 -> fields.put(name, random.nextDouble() * Math.pow(10, random.nextInt(600) - 300));
                case 2 -> fields.put(name, random.nextBoolean());
                case 3 -> fields.put(name, random.nextBoolean() ? Instant.MAX : Instant.MIN);
                default -> fields.put(name, text());
            }
        }
        if (random.nextInt(50) == 0) {
            for (int i = 0; i < 100; i++) {
                fields.put("crowd" + i, random.nextBoolean() ? "\"\\\u20AC".repeat(2_000) : "short");
            }
        }
        return fields;
    }

    /** Returns a text of one of the hostile kinds, never empty. */
    String text() {
        return switch (random.nextInt(8)) {
            case 0 -> "a\r\nb\u0085c\u2028d\u2029e\u001B[2Jf\bg\u0000h\u202Ei\uD800j\uDC00k";
            case 1 -> random.nextInt(20) == 0 ? "x".repeat(1 << 20) : "short";
            case 2 -> "\"\\/\u2029{}[]:,".repeat(400);
            case 3 -> "'; DROP TABLE ledger_run; --";
            case 4 -> "{\"@class\":\"java.lang.Runtime\"}\\u0000";
            case 5 -> "\uD83D\uDE80".repeat(random.nextInt(3_000)) + "\uD83D";
            case 6 -> " \t ";
            default -> random();
        };
    }

    private String random() {
        StringBuilder text = new StringBuilder("r");
        for (int i = random.nextInt(60); i > 0; i--) {
            text.append((char) random.nextInt(0x10000));
        }
        return text.toString();
    }

    private Object value(Map<?, ?> self) {
        return switch (random.nextInt(14)) {
            case 0 -> null;
            case 1 -> "";
            case 2 -> Double.NaN;
            case 3 -> Float.NEGATIVE_INFINITY;
            case 4 -> new BigDecimal("1E+1000000000");
            case 5 -> self;
            case 6 -> new Thrower();
            case 7 -> random.nextLong();
            case 8 -> Instant.MAX;
            case 9 -> Duration.ofSeconds(Long.MAX_VALUE);
            case 10 -> List.of(List.of(1));
            default -> text();
        };
    }

    /** Throws or recurses in every method. */
    private static final class Thrower implements Iterable<Object> {
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
