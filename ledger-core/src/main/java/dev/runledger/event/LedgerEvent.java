package dev.runledger.event;

import dev.runledger.run.WorkflowRun;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * One event, as every sink receives it: immutable, redacted, capped, and safe to keep and to share between threads.
 *
 * @param type which event it is
 * @param eventId the event's id, the same in every sink
 * @param occurredAt when it happened, in microseconds
 * @param fields every field of the flat JSON form in order, {@code event} and {@code eventId} included; the values are
 *     {@link String}, {@link Long}, {@link Double} or {@link Boolean}, never null
 * @param context what the context carriers captured where it was told, or with the run; it is not part of the JSON form
 * @param cause the error of a failure, safe to print, while the process that saw it is telling of it; else null
 * @param run the run as the ledger that tells of it knows it, without payloads; null for a host that keeps its own tables, where
 *     there is no run, and where the event was read back. It is not part of the JSON form
 */
public record LedgerEvent(
        EventType type,
        String eventId,
        Instant occurredAt,
        Map<String, Object> fields,
        Map<String, String> context,
        @Nullable Throwable cause,
        @Nullable WorkflowRun run) {
    /** The version of the event contract that this library writes. */
    public static final int SCHEMA_VERSION = 1;

    /** Checks the parts and copies the maps where they could still be changed. */
    public LedgerEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(occurredAt, "occurredAt");
        fields = FlatFields.copyOf(fields);
        context = Map.copyOf(context);
    }

    /** An event of which nothing is known but what it says itself. */
    public LedgerEvent(
            EventType type,
            String eventId,
            Instant occurredAt,
            Map<String, Object> fields,
            Map<String, String> context,
            @Nullable Throwable cause) {
        this(type, eventId, occurredAt, fields, context, cause, null);
    }

    /**
     * The level at which this event is told: its type's, and graver where nobody caught the failure (error) or nobody expected
     * the retry (warn).
     */
    public Level level() {
        if (type == WorkflowRunEvent.FAILED && Boolean.TRUE.equals(get(EventField.UNCAUGHT))) {
            return Level.ERROR;
        }
        if (type == TaskRunEvent.RETRYING && Boolean.FALSE.equals(get(EventField.RETRY_EXPECTED))) {
            return Level.WARN;
        }
        return type.level();
    }

    /** The value of a field, or null where this event has none. */
    public @Nullable Object get(EventField field) {
        return fields.get(field.fieldName());
    }

    /** The value of a text field, or empty. */
    public Optional<String> text(EventField field) {
        return get(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** The value of a whole number, or empty. */
    public Optional<Long> number(EventField field) {
        return get(field) instanceof Long number ? Optional.of(number) : Optional.empty();
    }

    /** The event's name. */
    public String eventName() {
        return type.eventName();
    }
}
