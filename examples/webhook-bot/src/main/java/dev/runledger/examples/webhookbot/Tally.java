package dev.runledger.examples.webhookbot;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts what became of the deliveries, each in one column. Thread-safe. */
final class Tally {
    private final Map<Receipt.Kind, Map<String, Integer>> counts = new EnumMap<>(Receipt.Kind.class);

    synchronized void add(Receipt receipt) {
        counts.computeIfAbsent(receipt.kind(), kind -> new TreeMap<>()).merge(receipt.code(), 1, Integer::sum);
    }

    synchronized int of(Receipt.Kind kind) {
        return counts.getOrDefault(kind, Map.of()).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    synchronized int total() {
        int total = 0;
        for (Receipt.Kind kind : Receipt.Kind.values()) {
            total += of(kind);
        }
        return total;
    }

    /** One line that adds up: deliveries = dispatched + refused + ignored + rejected + failed, each by reason. */
    synchronized String line() {
        StringBuilder line = new StringBuilder("deliveries ").append(total()).append(" =");
        String plus = " ";
        for (Receipt.Kind kind : Receipt.Kind.values()) {
            line.append(plus)
                    .append(kind.name().toLowerCase(Locale.ROOT))
                    .append(' ')
                    .append(of(kind));
            if (of(kind) > 0) {
                line.append(' ').append(reasons(kind));
            }
            plus = " + ";
        }
        return line.toString();
    }

    private String reasons(Receipt.Kind kind) {
        StringBuilder reasons = new StringBuilder("(");
        counts.getOrDefault(kind, Map.of()).forEach((code, count) -> {
            reasons.append(reasons.length() > 1 ? ", " : "")
                    .append(code)
                    .append(' ')
                    .append(count);
        });
        return reasons.append(')').toString();
    }
}
