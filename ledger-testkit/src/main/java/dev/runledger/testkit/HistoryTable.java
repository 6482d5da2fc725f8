package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Prints events as a table, one line each. One line can be marked: the first that differs. */
final class HistoryTable {
    private static final int LONGEST_VALUE = 80;

    /** What all events of a run have alike, what has a column of its own, and what is too long to read. */
    private static final Set<EventField> LEFT_OUT = EnumSet.of(
            EventField.EVENT,
            EventField.EVENT_ID,
            EventField.SCHEMA_VERSION,
            EventField.OCCURRED_AT,
            EventField.WORKFLOW_NAME,
            EventField.RUN_ID,
            EventField.SEQ,
            EventField.TARGET,
            EventField.PROJECT,
            EventField.WORKFLOW_VERSION,
            EventField.CHANNEL,
            EventField.TRIGGER,
            EventField.DELIVERY_ID,
            EventField.TASK_QUEUE,
            EventField.TASK_ID,
            EventField.TASK_SEQ,
            EventField.ERROR_STACK);

    private HistoryTable() {}

    /** Returns the table with this line marked, counted from 0. Past the last line stands what is missing there. */
    static String of(List<RecordedEvent> recorded, int marked, String missing) {
        if (recorded.isEmpty() && missing.isEmpty()) {
            return "  (nothing was emitted)";
        }
        TextTable table = new TextTable("", "#", "event", "id", "after", "thread", "emitted at", "fields");
        Instant first =
                recorded.isEmpty() ? Instant.EPOCH : recorded.get(0).event().occurredAt();
        for (int i = 0; i < recorded.size(); i++) {
            RecordedEvent each = recorded.get(i);
            LedgerEvent event = each.event();
            table.row(
                    i == marked ? "=>" : "",
                    String.valueOf(i + 1),
                    event.eventName(),
                    event.eventId(),
                    after(first, event.occurredAt()),
                    each.thread(),
                    HostLine.brief(each.line()),
                    fields(event));
        }
        if (marked >= recorded.size() && !missing.isEmpty()) {
            table.row("=>", String.valueOf(recorded.size() + 1), "(missing) " + missing, "", "", "", "", "");
        }
        return table.toString();
    }

    /** Returns the table with no line marked. */
    static String of(List<RecordedEvent> recorded) {
        return of(recorded, -1, "");
    }

    private static String after(Instant first, Instant at) {
        Duration after = Duration.between(first, at);
        return String.format(Locale.ROOT, "%.3f s", after.toNanos() / 1e9);
    }

    private static String fields(LedgerEvent event) {
        List<String> shown = new ArrayList<>();
        event.fields().forEach((name, value) -> {
            if (EventField.ofName(name).filter(LEFT_OUT::contains).isEmpty()) {
                shown.add(name + "=" + brief(value));
            }
        });
        return shown.stream().collect(Collectors.joining(" "));
    }

    private static String brief(Object value) {
        String text = value.toString();
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
    }
}
