package dev.runledger.testkit;

import dev.runledger.event.LedgerEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on all the places that listen, at once: each event reached each of them exactly once with the same id, none reached only
 * some, and none reached a place that the recorder knows nothing of. Made by {@link LedgerAssertions#assertThatFanOut}.
 */
public final class FanOutAssert extends AbstractAssert<FanOutAssert, RecordingSink> {
    private final List<Witness> known;

    FanOutAssert(RecordingSink actual, List<Witness> known) {
        super(actual, FanOutAssert.class);
        this.known = known;
    }

    /** Everything that was told reached every place that the kit knows of: see {@link #reached} and {@link LedgerKit#witness}. */
    public FanOutAssert reachedEveryWitness() {
        return reached(known.toArray(Witness[]::new));
    }

    /**
     * Everything that was told reached these places, exactly once each, with the same id and the same value of each field that the place
     * has; nothing else did. A place that keeps whole events has all fields, and one that keeps no ids, such as a meter, is held to its
     * counts. Fails too where nothing was told.
     */
    public FanOutAssert reached(Witness... witnesses) {
        isNotNull();
        if (witnesses.length == 0) {
            throw new IllegalArgumentException("no witness was given, expected at least one");
        }
        List<LedgerEvent> emitted = actual.events();
        if (emitted.isEmpty()) {
            throw failure("Expected events that reached %s, but nothing was told", names(witnesses));
        }
        List<Attendance> attendances = Arrays.stream(witnesses)
                .map(witness -> Attendance.of(witness, emitted))
                .toList();
        List<String> differences = attendances.stream()
                .flatMap(attendance -> attendance.differences().stream())
                .toList();
        if (!differences.isEmpty()) {
            throw failure(
                    "%s",
                    "Expected each event exactly once in %s, but%n  %s%n%n%s"
                            .formatted(
                                    names(witnesses), String.join("\n  ", differences), table(emitted, attendances)));
        }
        return this;
    }

    private static List<String> names(Witness... witnesses) {
        return Arrays.stream(witnesses).map(Witness::name).toList();
    }

    /** A line an event, a column a place, with how often it was seen there; the first that differs is marked. */
    private static String table(List<LedgerEvent> emitted, List<Attendance> attendances) {
        List<String> head = new ArrayList<>(List.of("", "event", "id"));
        attendances.forEach(attendance -> head.add(attendance.name()));
        TextTable table = new TextTable(head.toArray(String[]::new));
        boolean marked = false;
        for (LedgerEvent event : emitted) {
            boolean differs = attendances.stream().anyMatch(attendance -> attendance.differsIn(event));
            List<String> row =
                    new ArrayList<>(List.of(differs && !marked ? "=>" : "", event.eventName(), event.eventId()));
            attendances.forEach(attendance -> row.add(attendance.cell(event)));
            marked |= differs;
            table.row(row.toArray(String[]::new));
        }
        for (Attendance attendance : attendances) {
            for (Map.Entry<String, Long> stray : attendance.strays().entrySet()) {
                List<String> row =
                        new ArrayList<>(List.of(marked ? "" : "=>", "(told to no recorder)", stray.getKey()));
                attendances.forEach(each -> row.add(each == attendance ? String.valueOf(stray.getValue()) : ""));
                marked = true;
                table.row(row.toArray(String[]::new));
            }
        }
        return table.toString();
    }
}
