package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares, for one place, how often each event should have been seen with how often it was, and what the place says of it. */
final class Attendance {
    private final Witness witness;
    private final Map<String, Long> expected = new LinkedHashMap<>();
    private final Map<String, Long> seen = new LinkedHashMap<>();
    private final List<String> differences = new ArrayList<>();
    private final List<String> misquoted = new ArrayList<>();

    private Attendance(Witness witness) {
        this.witness = witness;
    }

    static Attendance of(Witness witness, List<LedgerEvent> emitted) {
        Attendance attendance = new Attendance(witness);
        Map<String, LedgerEvent> byKey = new LinkedHashMap<>();
        for (LedgerEvent event : emitted) {
            witness.keyOf(event).ifPresent(key -> {
                attendance.expected.merge(key, 1L, Long::sum);
                byKey.putIfAbsent(key, event);
            });
        }
        boolean countsIds = byKey.entrySet().stream()
                .allMatch(entry -> entry.getKey().equals(entry.getValue().eventId()));
        if (countsIds) { // the recorder may have an event twice; no place may have an id more than once
            attendance.expected.replaceAll((key, count) -> 1L);
        }
        for (Witness.Sighting sighting : witness.sightings(emitted)) {
            attendance.seen.merge(sighting.key(), 1L, Long::sum);
            LedgerEvent event = byKey.get(sighting.key());
            if (event != null) {
                attendance.compare(event, sighting);
            }
        }
        attendance.count();
        return attendance;
    }

    private void count() {
        expected.forEach((key, count) -> {
            long times = seen.getOrDefault(key, 0L);
            if (times != count) {
                differences.add("%s saw %s %s, expected %s".formatted(name(), key, times(times), times(count)));
            }
        });
        strays().forEach((key, times) ->
                differences.add("%s saw %s %s, which no recorder received".formatted(name(), key, times(times))));
    }

    private static String times(long times) {
        return times == 0 ? "never" : times == 1 ? "once" : times + " times";
    }

    private void compare(LedgerEvent event, Witness.Sighting sighting) {
        boolean isWhole = witness instanceof EventWitness || witness instanceof StoreWitness;
        event.fields().forEach((name, value) -> {
            Object there = sighting.fields().get(name);
            boolean timed = name.equals(EventField.ERROR_STACK.fieldName());
            if (there == null && isWhole) {
                misquoted.add(sighting.key());
                differences.add("%s has no %s of %s, which says %s".formatted(name(), name, sighting.key(), value));
            } else if (there != null && !timed && !there.toString().equals(value.toString())) {
                misquoted.add(sighting.key());
                differences.add(
                        "%s says %s=%s of %s, which says %s".formatted(name(), name, there, sighting.key(), value));
            }
        });
    }

    String name() {
        return witness.name();
    }

    List<String> differences() {
        return differences;
    }

    /** Returns what this place saw and no recorder received. */
    Map<String, Long> strays() {
        Map<String, Long> strays = new LinkedHashMap<>(seen);
        strays.keySet().removeAll(expected.keySet());
        return strays;
    }

    boolean differsIn(LedgerEvent event) {
        Optional<String> key = witness.keyOf(event);
        return key.isPresent()
                && (misquoted.contains(key.get())
                        || !expected.getOrDefault(key.get(), 0L).equals(seen.getOrDefault(key.get(), 0L)));
    }

    /** Returns how often the event was seen here, with how often it should have been if that is not the same. */
    String cell(LedgerEvent event) {
        Optional<String> key = witness.keyOf(event);
        if (key.isEmpty()) {
            return "-";
        }
        long was = seen.getOrDefault(key.get(), 0L);
        long should = expected.getOrDefault(key.get(), 0L);
        String cell = was == should ? String.valueOf(was) : was + " of " + should;
        return misquoted.contains(key.get()) ? cell + ", differs" : cell;
    }
}
