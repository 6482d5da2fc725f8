package dev.runledger.event;

import dev.runledger.redact.Sanitizer;
import dev.runledger.run.WorkflowRun;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * One event, as every sink receives it. Immutable, redacted, capped, and safe to keep and to share between threads.
 *
 * <p>Two events are equal if they have the same type, id, time and fields.
 */
public final class LedgerEvent {
    /** The version of the event contract that this library writes. */
    public static final int SCHEMA_VERSION = 1;

    private static final Sanitizer AS_STORED = Sanitizer.asStored();

    private final EventType type;
    private final String eventId;
    private final Instant occurredAt;
    private final FlatFields fields;
    private final Map<String, String> context;
    private final @Nullable Throwable cause;
    private final @Nullable WorkflowRun run;

    LedgerEvent(
            EventType type,
            String eventId,
            Instant occurredAt,
            FlatFields fields,
            Map<String, String> context,
            @Nullable Throwable cause,
            @Nullable WorkflowRun run) {
        this.type = Objects.requireNonNull(type, "type");
        this.eventId = Objects.requireNonNull(eventId, "eventId");
        this.occurredAt = Objects.requireNonNull(occurredAt, "occurredAt");
        this.fields = Objects.requireNonNull(fields, "fields");
        this.context = Map.copyOf(context);
        this.cause = cause;
        this.run = run;
    }

    /**
     * Returns the event of this type and id, with what a call site said of it: checked against the vocabulary, redacted and cut.
     *
     * <p>Nothing that the call site gets wrong throws: the event says it in {@code contractViolation}, as a list separated by
     * semicolons.
     *
     * @param occurredAt when it happened; cut to microseconds
     * @param context what the context carriers captured
     */
    public static LedgerEvent of(
            EventType type,
            String eventId,
            Instant occurredAt,
            EventFields fields,
            Map<String, String> context,
            Sanitizer sanitizer) {
        return build(type, eventId, occurredAt, fields, context, sanitizer, null);
    }

    /** Returns the same event with the run that it is about, for the process in which it happens. Its payloads are left out. */
    public static LedgerEvent of(
            EventType type,
            String eventId,
            Instant occurredAt,
            EventFields fields,
            Map<String, String> context,
            Sanitizer sanitizer,
            WorkflowRun run) {
        return build(type, eventId, occurredAt, fields, context, sanitizer, run.withoutPayloads());
    }

    private static LedgerEvent build(
            EventType type,
            String eventId,
            Instant occurredAt,
            EventFields fields,
            Map<String, String> context,
            Sanitizer sanitizer,
            @Nullable WorkflowRun run) {
        Instant at = Instants.micros(occurredAt);
        EventDraft draft = new EventDraft(type, sanitizer, fields.size());
        draft.begin(eventId, at);
        draft.addAll(fields);
        if (fields.isUncaught()) {
            draft.addUncaught();
        }
        Throwable cause = fields.cause().orElse(null);
        if (cause != null) {
            draft.addError(sanitizer.describe(cause));
        }
        Throwable printable = cause == null ? null : sanitizer.printable(cause);
        return new LedgerEvent(type, eventId, at, draft.finish(), context, printable, run);
    }

    /** Returns an event that a store reads back. Each text was redacted and cut before it was stored, and stays as it is. */
    public static LedgerEvent stored(
            EventType type, String eventId, Instant occurredAt, EventFields fields, Map<String, String> context) {
        return of(type, eventId, occurredAt, fields, context, AS_STORED);
    }

    /**
     * Returns {@code workflow.run.completed} as the echo of this terminal event: what it says of its run, how the run ended and how long
     * it took.
     *
     * @param eventId the id of the echo
     * @throws IllegalArgumentException if this event does not report the end of a run
     */
    public LedgerEvent echo(String eventId) {
        return new LedgerEvent(
                WorkflowRunEvent.COMPLETED, eventId, occurredAt, EventDraft.echo(this, eventId), context, null, run);
    }

    /** Returns the type of the event. */
    public EventType type() {
        return type;
    }

    /** Returns the name of the event. */
    public String eventName() {
        return type.eventName();
    }

    /** Returns the id of the event, the same in every sink. */
    public String eventId() {
        return eventId;
    }

    /** Returns when it happened, in microseconds. */
    public Instant occurredAt() {
        return occurredAt;
    }

    /**
     * Returns every field of the flat JSON form in order, {@code event} and {@code eventId} included, as a map that cannot be changed.
     * The values are {@link String}, {@link Long}, {@link Double} or {@link Boolean}, never null.
     */
    public Map<String, Object> fields() {
        return fields;
    }

    FlatFields flat() {
        return fields;
    }

    /** Returns what the context carriers captured where the event was emitted, or with the run. It is not part of the JSON form. */
    public Map<String, String> context() {
        return context;
    }

    /** Returns the error of a failure, safe to print, in the process that saw it. */
    public Optional<Throwable> cause() {
        return Optional.ofNullable(cause);
    }

    /**
     * Returns the run as the ledger knows it, without payloads. It is empty for an application that keeps its own tables, for an event
     * without a run, and for an event that was read back. It is not part of the JSON form.
     */
    public Optional<WorkflowRun> run() {
        return Optional.ofNullable(run);
    }

    /** Returns the level: that of the type, error for a failure that no code caught, warn for a retry that was not expected. */
    public Level level() {
        if (type == WorkflowRunEvent.FAILED && Boolean.TRUE.equals(fields.get(EventField.UNCAUGHT))) {
            return Level.ERROR;
        }
        if (type == TaskRunEvent.RETRYING && Boolean.FALSE.equals(fields.get(EventField.RETRY_EXPECTED))) {
            return Level.WARN;
        }
        return type.level();
    }

    /** Returns the value of a field, or empty if this event has none. */
    public Optional<Object> get(EventField field) {
        return Optional.ofNullable(fields.get(field));
    }

    /** Returns the value of a text field, or empty if this event has none. */
    public Optional<String> text(EventField field) {
        return fields.get(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Returns the value of a whole number, or empty if this event has none. */
    public Optional<Long> number(EventField field) {
        return fields.get(field) instanceof Long number ? Optional.of(number) : Optional.empty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LedgerEvent that
                && type == that.type
                && eventId.equals(that.eventId)
                && occurredAt.equals(that.occurredAt)
                && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, eventId);
    }

    @Override
    public String toString() {
        return "LedgerEvent" + fields;
    }
}
