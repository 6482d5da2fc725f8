package dev.runledger.testkit;

import dev.runledger.event.EventType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares emitted events with the expected ones, one by one, and says where they first differ. */
final class Sequence {
    /**
     * What to report.
     *
     * @param what the whole message
     * @param cause the failure of the assertion that did not pass, or null if the count differs
     */
    record Difference(String what, @Nullable AssertionError cause) {}

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

    /** Returns what to report if the events are not as many as these assertions or one does not pass the assertion in its place, or empty. */
    static Optional<Difference> checkEach(
            String who, List<RecordedEvent> recorded, List<Consumer<EventAssert>> expected) {
        String events = expected.size() == 1 ? "one event that satisfies" : expected.size() + " events that satisfy";
        String head = "%s should have emitted %s the assertions in this order%n".formatted(who, events);
        int common = Math.min(recorded.size(), expected.size());
        for (int i = 0; i < common; i++) {
            try {
                expected.get(i).accept(new EventAssert(recorded.get(i).event(), List.of()));
            } catch (AssertionError failed) {
                return Optional.of(new Difference(
                        "%sand differs first at event %s: %s%n%n%s"
                                .formatted(head, i + 1, failed.getMessage(), HistoryTable.of(recorded, i, "")),
                        failed));
            }
        }
        if (recorded.size() == expected.size()) {
            return Optional.empty();
        }
        String missing = recorded.size() < expected.size() ? "an event" : "";
        String what = missing.isEmpty()
                ? recorded.get(common).event().eventName() + " was emitted, which was not expected"
                : "it is missing";
        return Optional.of(new Difference(
                "%sand differs first at event %s: %s%n%n%s"
                        .formatted(head, common + 1, what, HistoryTable.of(recorded, common, missing)),
                null));
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
