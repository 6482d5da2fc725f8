package dev.runledger.testkit;

import dev.runledger.event.LedgerEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractAssert;

/**
 * Verifies that all places received the same events: each exactly once with the same id, and none that the recorder does not have. Made by
 * {@link LedgerAssertions#assertThatFanOut}.
 */
public final class FanOutAssert extends AbstractAssert<FanOutAssert, RecordingSink> {
    private final List<Witness> known;

    FanOutAssert(RecordingSink actual, List<Witness> known) {
        super(actual, FanOutAssert.class);
        this.known = known;
    }

    /** Verifies that every event reached every place that the kit knows of: see {@link #reached} and {@link LedgerKit#witness}. */
    public FanOutAssert reachedEveryWitness() {
        return reached(known.toArray(Witness[]::new));
    }

    /**
     * Verifies that every event reached these places exactly once, with the same id and the same values, and that nothing else did. A place
     * that keeps whole events has to have every field. One that keeps no ids, such as a meter, is held to its counts. Fails if nothing was
     * emitted.
     */
    public FanOutAssert reached(Witness... witnesses) {
        isNotNull();
        if (witnesses.length == 0) {
            throw new IllegalArgumentException("no witness was given, expected at least one");
        }
        List<LedgerEvent> emitted = actual.events();
        if (emitted.isEmpty()) {
            throw failure("Expected events that reached %s, but nothing was emitted", names(witnesses));
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

    /** Prints a line for each event and a column for each place, with how often it was seen there. The first difference is marked. */
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
                        new ArrayList<>(List.of(marked ? "" : "=>", "(not in the recorder)", stray.getKey()));
                attendances.forEach(each -> row.add(each == attendance ? String.valueOf(stray.getValue()) : ""));
                marked = true;
                table.row(row.toArray(String[]::new));
            }
        }
        return table.toString();
    }
}
