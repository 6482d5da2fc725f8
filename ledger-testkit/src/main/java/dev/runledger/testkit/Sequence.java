package dev.runledger.testkit;

import dev.runledger.event.EventType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares what was told with what was expected, event by event, and says where they first differ. */
final class Sequence {
    private Sequence() {}

    static List<String> names(List<EventType> types) {
        return types.stream().map(EventType::eventName).toList();
    }

    /** What to say where the events are not exactly these in this order, or empty. */
    static Optional<String> check(String who, List<Told> told, List<EventType> expected) {
        int first = 0;
        int common = Math.min(told.size(), expected.size());
        while (first < common && told.get(first).event().type() == expected.get(first)) {
            first++;
        }
        if (first == told.size() && first == expected.size()) {
            return Optional.empty();
        }
        String missing = first < expected.size() ? expected.get(first).eventName() : "";
        String instead = first < told.size() ? told.get(first).event().eventName() : "";
        return Optional.of("%s should have emitted exactly%n  %s%nand differs first at event %d: %s%n%n%s"
                .formatted(
                        who,
                        expected.isEmpty() ? "(nothing)" : String.join(", ", names(expected)),
                        first + 1,
                        difference(told, first, missing, instead),
                        HistoryTable.of(told, first, missing)));
    }

    private static String difference(List<Told> told, int first, String missing, String instead) {
        if (instead.isEmpty()) {
            return missing + " is missing";
        }
        String id = told.get(first).event().eventId();
        boolean again = told.subList(0, first).stream()
                .anyMatch(before -> before.event().eventId().equals(id));
        String what = instead + (again ? " was told again, as the same event " + id : " was told");
        return what + (missing.isEmpty() ? ", which nobody expected" : " where " + missing + " was expected");
    }

    /** What to say where an event of these types was told, or empty. */
    static Optional<String> checkNever(String who, List<Told> told, Set<EventType> never) {
        for (int i = 0; i < told.size(); i++) {
            if (never.contains(told.get(i).event().type())) {
                String names = never.stream().map(EventType::eventName).sorted().collect(Collectors.joining(", "));
                return Optional.of("%s should never have emitted %s, but event %d is one%n%n%s"
                        .formatted(who, names, i + 1, HistoryTable.of(told, i, "")));
            }
        }
        return Optional.empty();
    }
}
