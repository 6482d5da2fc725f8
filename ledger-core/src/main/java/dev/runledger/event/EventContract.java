package dev.runledger.event;

import dev.runledger.run.ErrorCategorizer;
import dev.runledger.run.ErrorCategory;
import dev.runledger.run.Failure;
import dev.runledger.run.WorkflowRun;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Makes the one event that every sink and the store receive, out of what a call site said: checked against the vocabulary, on
 * single lines, redacted and cut.
 *
 * <p>Nothing that a call site gets wrong throws. It is told in the event's {@code contractViolation}, as a list separated by
 * semicolons, and counted. Thread-safe.
 */
public final class EventContract {
    /** Stands for the entries of a map that could not be read; no field can have this name. */
    static final String BROKEN_MAP = "(map)";

    /** No limit is lower than 64, and a cut may fall before half of a pair. */
    private static final int SHORTEST_CUT = 63;

    private static final int MARGIN = 256;
    static final char ELLIPSIS = '\u2026';
    private static final Limits OF_A_WHOLE =
            Limits.standard().reason(1 << 20).value(1 << 20).payload(1 << 28);

    private final Redactor redactor;
    private final Limits limits;
    private final ErrorCategorizer categorizer;
    private final boolean asStored;
    private final LongAdder violations = new LongAdder();
    private final LongAdder redactions = new LongAdder();
    private final LongAdder truncations = new LongAdder();

    /** A contract with this redaction, these limits and this way to tell kinds of errors apart. */
    public EventContract(Redactor redactor, Limits limits, ErrorCategorizer categorizer) {
        this(redactor, limits, categorizer, false);
    }

    private EventContract(Redactor redactor, Limits limits, ErrorCategorizer categorizer, boolean asStored) {
        this.asStored = asStored;
        this.redactor = Objects.requireNonNull(redactor, "redactor");
        this.limits = Objects.requireNonNull(limits, "limits");
        this.categorizer = Objects.requireNonNull(categorizer, "categorizer");
    }

    /**
     * A contract for events that are read back: each text was redacted and cut when it was stored, and is left as it is. An event that
     * is too large as a whole is cut as it was when it was told, by the default limits.
     */
    public static EventContract asStored() {
        return new EventContract(Redactor.standard(), OF_A_WHOLE, ErrorCategorizer.standard(), true);
    }

    /** The limits that this contract cuts at. */
    public Limits limits() {
        return limits;
    }

    /** How many events went out with a {@code contractViolation}. */
    public long violations() {
        return violations.sum();
    }

    /** How many values were redacted. */
    public long redactions() {
        return redactions.sum();
    }

    /** How many values were cut or left out for their size. */
    public long truncations() {
        return truncations.sum();
    }

    /** The event of this type and id, with what the call site said of it. Never throws over what it said. */
    public LedgerEvent event(
            EventType type, String eventId, Instant occurredAt, EventFields fields, Map<String, String> context) {
        return event(type, eventId, occurredAt, fields, context, null);
    }

    /** The same event with the run that it tells of, for the process in which it happens. */
    public LedgerEvent event(
            EventType type,
            String eventId,
            Instant occurredAt,
            EventFields fields,
            Map<String, String> context,
            @Nullable WorkflowRun run) {
        Instant at = occurredAt.truncatedTo(ChronoUnit.MICROS);
        EventDraft draft = new EventDraft(type, this, fields.size());
        draft.begin(eventId, at);
        draft.addAll(fields);
        Throwable cause = fields.cause();
        if (cause != null) {
            draft.addError(ErrorDetail.of(cause, redactor));
        }
        FlatFields flat = draft.finish();
        Throwable safe = cause == null ? null : SafeThrowable.of(cause, redactor);
        return new LedgerEvent(type, eventId, at, flat, context, safe, run);
    }

    /** The echo of a terminal event: what it says of its run, how it ended and how long it took. */
    public LedgerEvent echo(LedgerEvent terminal, String eventId) {
        return new LedgerEvent(
                WorkflowRunEvent.COMPLETED,
                eventId,
                terminal.occurredAt(),
                EventDraft.echo(terminal, eventId),
                terminal.context(),
                null,
                terminal.run());
    }

    /**
     * A clean copy of a host's own fields, fit to be stored with a transition and put on its event.
     *
     * @throws IllegalArgumentException if a name is not free, or a value is of a type that fields do not have; it names which
     */
    public EventFields ownFields(EventFields fields) {
        EventFields clean = EventFields.of();
        for (int i = 0; i < fields.size(); i++) {
            if (!(fields.key(i) instanceof String name) || !isFreeName(name)) {
                throw new IllegalArgumentException(
                        "field '%s' is not free for a host: expected a name that neither the event"
                                        .formatted(Text.clean(name(nameOf(fields.key(i))), 128))
                                + " contract nor a log encoder owns");
            }
            Object plain = EventDraft.plain(this, name, fields.value(i));
            if (plain == null) {
                throw new IllegalArgumentException(
                        "field '%s' is a %s, expected text, a number, a boolean, an instant, a duration,"
                                        .formatted(
                                                name, fields.value(i).getClass().getName())
                                + " an enum or an id");
            }
            if (clean.size() < limits.fields()) { // what is more has no place on any event
                clean.putPlain(name, plain);
            }
        }
        return clean;
    }

    private static String nameOf(Object key) {
        return key instanceof EventField field ? field.fieldName() : (String) key;
    }

    /** A text on one line, redacted, and cut at the limit of a reason. */
    public String reason(String text) {
        return text(text, limits.reason());
    }

    /** A name on one line, redacted. */
    public String name(String text) {
        return text(text, limits.value());
    }

    /** An id or a name by which things are told apart, on one line, redacted; a long number in it is no card's. */
    public String id(String text) {
        return text(text, limits.value(), true);
    }

    /** What a context carrier captured under this name: redacted by its name, and by its shape as an id is. */
    public String carried(String name, String text) {
        if (!asStored && redactor.isSecret(name)) {
            redactions.increment();
            return Redactor.MASK;
        }
        return id(text);
    }

    /** Whether a text that identifies something can be kept as it is: it is on one line, and shows nothing that looks like a secret. */
    public boolean isPlain(String text) {
        return redactor.isPlain(text)
                || redactor.redactId(Text.clean(text, text.length())).equals(text);
    }

    /**
     * Whether a host's own field may have this name: letters, digits and {@code . _ -}, none that an encoder writes itself, and no
     * secret, which a name would show.
     */
    public boolean isFreeName(String name) {
        return isFieldName(name) && !FieldNames.isReserved(name);
    }

    /** Whether it is a name at all. The shortest secret that is known by its shape and has a name's letters has 15 of them. */
    boolean isFieldName(String name) {
        return Text.isFieldName(name)
                && (asStored || name.length() < 15 || redactor.redact(name).equals(name));
    }

    /** The text of a host's own field on one line, redacted by its name and by its shape, and cut at the limit of a value. */
    public String value(String name, String text) {
        if (!asStored && redactor.isSecret(name)) {
            redactions.increment();
            return Redactor.MASK;
        }
        return text(text, limits.value());
    }

    /** A payload of JSON with everything redacted that looks like a secret, whole. Needs Jackson. */
    public String payload(String json) {
        return counted(json, EventJson.redactPayload(json, redactor));
    }

    /** The head of a payload, which is JSON no more, with everything redacted that looks like a secret in a text. */
    public String head(String json) {
        return counted(json, redactor.redact(json));
    }

    private String counted(String json, String redacted) {
        if (redacted.contains(Redactor.MASK) && !json.contains(Redactor.MASK)) {
            redactions.increment();
        }
        return redacted;
    }

    /** The failure with its category decided and its texts redacted and cut, fit to be stored. */
    public Failure failure(Failure failure) {
        Throwable error = failure.error();
        String reason = reason(failure.reason());
        if (error == null) {
            return new Failure(
                    reason,
                    failure.category(),
                    failure.uncaught(),
                    nullable(failure.errorClass(), ErrorDetail.MAX_CLASS),
                    nullable(failure.errorMessage(), ErrorDetail.MAX_MESSAGE),
                    nullable(failure.errorStack(), ErrorDetail.MAX_STACK),
                    null);
        }
        ErrorDetail detail = ErrorDetail.of(error, redactor);
        ErrorCategory category = failure.category() == ErrorCategory.UNKNOWN ? categoryOf(error) : failure.category();
        return new Failure(
                reason,
                category,
                failure.uncaught(),
                detail.errorClass(),
                detail.errorMessage(),
                detail.errorStack(),
                error);
    }

    private @Nullable String nullable(@Nullable String text, int max) {
        return text == null ? null : text(text, max);
    }

    private ErrorCategory categoryOf(Throwable error) {
        try {
            return Objects.requireNonNullElse(categorizer.categorize(error), ErrorCategory.UNKNOWN);
        } catch (Throwable broken) { // a host's categorizer must not cost the run its failure
            return ErrorCategory.UNKNOWN;
        }
    }

    /**
     * One line, redacted, at most {@code max} characters; redaction sees past the cut, so that it cannot halve a secret. What is cut
     * ends in an ellipsis, by which the event that has it knows.
     */
    String text(String text, int max) {
        return text(text, max, false);
    }

    @SuppressWarnings("ReferenceEquality") // the very same instance is how the redactor says that nothing was found
    private String text(String text, int max, boolean isId) {
        if (asStored || (text.length() <= max && redactor.isPlain(text))) {
            return text;
        }
        String line = Text.clean(text, 2 * max);
        String redacted = isId ? redactor.redactId(line) : redactor.redact(line);
        if (redacted != line) {
            redactions.increment();
        }
        if (redacted.length() <= max && text.length() <= 2 * max) {
            return redacted;
        }
        truncations.increment();
        return cut(redacted, max, text.length() > 2 * max);
    }

    /**
     * A redacted text cut to its limit. Where the text was cut before it was redacted too, its end goes as well: a secret may have
     * been halved there, and half of one has no known shape.
     */
    static String cut(String redacted, int max, boolean endMayBeHalfASecret) {
        int end = redacted.length() - (endMayBeHalfASecret ? Math.min(MARGIN, max) : 0);
        return Text.clean(redacted.substring(0, Math.max(0, end)), max - 1) + ELLIPSIS;
    }

    /** Whether a text was cut, here or before it was stored: told and read back, an event says the same of itself. */
    static boolean wasCut(@Nullable String text) {
        return text != null && text.length() >= SHORTEST_CUT && text.charAt(text.length() - 1) == ELLIPSIS;
    }

    void countViolation() {
        violations.increment();
    }

    void countTruncation() {
        truncations.increment();
    }

    static FieldRules rulesOf(EventType type) {
        return type instanceof WorkflowRunEvent run ? run.rules() : ((TaskRunEvent) type).rules();
    }
}
