package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.redact.Sanitizer;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes one event of each type, always the same, to try a sink, a parser or a consumer in another language before anything real is emitted.
 * They are built as real events are and keep the contract.
 */
public final class SampleEvents {
    private static final HexFormat HEX = HexFormat.of();
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456Z");

    /** What the ledger puts on every event itself. */
    private static final Set<EventField> LEDGERS_OWN = EnumSet.of(
            EventField.EVENT,
            EventField.EVENT_ID,
            EventField.SCHEMA_VERSION,
            EventField.OCCURRED_AT,
            EventField.CONTRACT_VIOLATION,
            EventField.TRUNCATED);

    private SampleEvents() {}

    /** Returns one event of each type, runs first, with every field that it may have. */
    public static List<LedgerEvent> all() {
        return EventType.all().stream().map(SampleEvents::of).toList();
    }

    /** Returns an event of this type with every field that it may have, and with four custom fields. */
    public static LedgerEvent of(EventType type) {
        EnumSet<EventField> fields = EnumSet.allOf(EventField.class);
        fields.removeIf(field -> !type.owns(field));
        if (!type.owns(EventField.RUN_ID)) {
            fields.remove(EventField.SEQ);
        }
        EventFields said = said(type, fields, "1")
                .put("tenant", "acme")
                .put("prNumber", 42)
                .put("score", 0.75)
                .put("urgent", true);
        return event(type, "1", said);
    }

    /** Returns an event of this type with the fields that it must have and no others. */
    public static LedgerEvent least(EventType type) {
        EnumSet<EventField> fields = EnumSet.of(EventField.WORKFLOW_NAME);
        fields.addAll(type.required());
        return event(type, "2", said(type, fields, "2"));
    }

    /** Returns an event of this type for the run and task of this number, with the fields that it must have and these. */
    static LedgerEvent numbered(EventType type, int number, EventFields more) {
        EnumSet<EventField> fields = EnumSet.of(EventField.WORKFLOW_NAME);
        fields.addAll(type.required());
        String id = Integer.toString(number);
        return event(type, id, said(type, fields, id).putAll(more));
    }

    private static LedgerEvent event(EventType type, String number, EventFields said) {
        Sanitizer sanitizer = Sanitizer.of(Redactor.standard(), Limits.standard());
        return LedgerEvent.of(type, eventId(type, number), AT, said, Map.of(), sanitizer);
    }

    private static String eventId(EventType type, String number) {
        if (type instanceof TaskRunEvent task) {
            return task == TaskRunEvent.PROGRESS ? uuid(type, number) : "task-%s:%s".formatted(number, seq(type));
        }
        return switch ((WorkflowRunEvent) type) {
            case DISPATCH_REFUSED, AWAITED -> uuid(type, number);
            case OVERDUE -> "run-%s:%s:overdue".formatted(number, seq(type));
            case COMPLETED -> "run-%s:%s:completed".formatted(number, seq(type));
            default -> "run-%s:%s".formatted(number, seq(type));
        };
    }

    /** Returns a number for the type, so that no two samples of one run have the same id. */
    private static int seq(EventType type) {
        return EventType.all().indexOf(type) + 1;
    }

    private static String uuid(EventType type, String number) {
        return "019ca943-3f40-7000-8000-" + HEX.toHexDigits((short) seq(type))
                + HEX.toHexDigits(Integer.parseInt(number));
    }

    private static EventFields said(EventType type, Set<EventField> fields, String number) {
        Map<String, Object> said = new LinkedHashMap<>();
        for (EventField field : fields) {
            if (!LEDGERS_OWN.contains(field)) {
                said.put(field.fieldName(), value(type, field, number));
            }
        }
        return EventFields.of(said);
    }

    private static Object value(EventType type, EventField field, String number) {
        return switch (field) {
            case RUN_ID -> "run-" + number;
            case TASK_ID -> "task-" + number;
            case WORKFLOW_NAME -> "review";
            case TARGET -> "acme/app#42";
            case CHANNEL -> "live";
            case TASK_KIND -> "tool";
            case OUTCOME -> type == WorkflowRunEvent.AWAITED ? "completed" : "succeeded";
            case REASON_CODE -> type == WorkflowRunEvent.DISPATCH_REFUSED ? "in_flight" : "approval";
            case RECOVERED -> "worker_lost";
            case WAIT_CODE -> "approval";
            case SEQ -> type instanceof TaskRunEvent ? 2L : (long) seq(type);
            case TASK_SEQ -> (long) seq(type);
            case STATUS_CODE -> 504L;
            case ATTEMPT -> 1L;
            case NEXT_ATTEMPT -> 2L;
            case ERROR_CATEGORY -> "timeout";
            case ERROR_CLASS -> "java.net.SocketTimeoutException";
            case PERMISSIONS -> "net,read";
            default ->
                switch (field.type()) {
                    case TEXT -> "the " + field.fieldName();
                    case INTEGER -> 7L;
                    case BOOLEAN -> false;
                    case INSTANT -> AT.plusSeconds(60);
                };
        };
    }
}
