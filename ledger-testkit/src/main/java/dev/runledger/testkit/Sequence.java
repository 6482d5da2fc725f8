package dev.runledger.testkit;

import dev.runledger.event.EventType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares emitted events with the expected ones, one by one, and says where they first differ. */
final class Sequence {
    private Sequence() {}

    static List<String> names(List<EventType> types) {
        return types.stream().map(EventType::eventName).toList();
    }

    /** Returns what to report if the events are not exactly these in this order, or empty. */
    static Optional<String> check(String who, List<RecordedEvent> recorded, List<EventType> expected) {
        int first = 0;
        int common = Math.min(recorded.size(), expected.size());
        while (first < common && recorded.get(first).event().type() == expected.get(first)) {
            first++;
        }
        if (first == recorded.size() && first == expected.size()) {
            return Optional.empty();
        }
        String missing = first < expected.size() ? expected.get(first).eventName() : "";
        String instead = first < recorded.size() ? recorded.get(first).event().eventName() : "";
        return Optional.of("%s should have emitted exactly%n  %s%nand differs first at event %s: %s%n%n%s"
                .formatted(
                        who,
                        expected.isEmpty() ? "(nothing)" : String.join(", ", names(expected)),
                        first + 1,
                        difference(recorded, first, missing, instead),
                        HistoryTable.of(recorded, first, missing)));
    }

    private static String difference(List<RecordedEvent> recorded, int first, String missing, String instead) {
        if (instead.isEmpty()) {
            return missing + " is missing";
        }
        String id = recorded.get(first).event().eventId();
        boolean again = recorded.subList(0, first).stream()
                .anyMatch(before -> before.event().eventId().equals(id));
        String what = instead + (again ? " was emitted again, as the same event " + id : " was emitted");
        return what + (missing.isEmpty() ? ", which was not expected" : " where " + missing + " was expected");
    }

    /** Returns what to report if an event of these types was emitted, or empty. */
    static Optional<String> checkNever(String who, List<RecordedEvent> recorded, Set<EventType> never) {
        for (int i = 0; i < recorded.size(); i++) {
            if (never.contains(recorded.get(i).event().type())) {
                String names = never.stream().map(EventType::eventName).sorted().collect(Collectors.joining(", "));
                return Optional.of("%s should never have emitted %s, but event %s is one%n%n%s"
                        .formatted(who, names, i + 1, HistoryTable.of(recorded, i, "")));
            }
        }
        return Optional.empty();
    }
}
