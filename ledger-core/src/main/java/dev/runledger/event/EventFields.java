package dev.runledger.event;

import dev.runledger.failure.Failure;
import dev.runledger.redact.Sanitizer;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.TaskId;
import dev.runledger.run.WorkflowRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a call site knows of an event: fields of the contract and custom fields. Not thread-safe, like a builder.
 *
 * <p>Takes text, whole numbers, finite decimals, booleans, instants, durations (emitted as whole milliseconds), enums (emitted by name)
 * and the library's ids. Nothing throws: a null is left out, a name that is put twice keeps the later value, and what does not fit the
 * contract is reported in the event's {@code contractViolation}.
 */
public final class EventFields {
    /** More fields than any event can have: what comes after them is left out, so that a map of any size takes its time once. */
    private static final int MOST = 1024;

    private static final String NO_NAME = "(null)";

    private @Nullable Object[] slots = new Object[24];
    private int size;
    private boolean more;
    private long seen; // a bit for each key: a key whose bit is not set is new, and need not be searched
    private @Nullable Throwable cause;
    private boolean uncaught;

    private EventFields() {}

    /** Returns an empty collection of fields. */
    public static EventFields of() {
        return new EventFields();
    }

    /** Returns what every event of a run says: its id and version, and what was asked for. */
    public static EventFields of(WorkflowRun run) {
        return of(run.request()).runId(run.id()).put(EventField.SEQ, run.seq());
    }

    /** Returns what an event says of a run that was asked for and not made: no id and no version. */
    public static EventFields of(NewRun request) {
        EventFields fields = of().workflowName(request.workflowName());
        fields.put(EventField.TARGET, request.target().map(Target::value).orElse(null));
        fields.put(EventField.PROJECT, request.project().isEmpty() ? null : request.project());
        fields.put(EventField.WORKFLOW_VERSION, request.workflowVersion().orElse(null));
        fields.put(EventField.CHANNEL, request.channel().code());
        request.trigger().ifPresent(trigger -> fields.put(EventField.TRIGGER, trigger.name()));
        fields.put(EventField.DELIVERY_ID, request.deliveryId().orElse(null));
        fields.put(EventField.TASK_QUEUE, request.taskQueue().orElse(null));
        fields.put(
                EventField.PARENT_RUN_ID,
                request.parentRunId().map(RunId::value).orElse(null));
        return fields.put(
                EventField.REPLAY_OF_RUN_ID,
                request.replayOfRunId().map(RunId::value).orElse(null));
    }

    /** Returns the entries of a map as fields. A value of a type that fields do not have is a violation that names its class. */
    public static EventFields of(Map<String, ?> map) {
        EventFields fields = new EventFields();
        try {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                // a raw map can have any key: never its text, which could be anything and could throw
                String name = entry.getKey() instanceof String text
                        ? text
                        : "("
                                + (entry.getKey() == null
                                        ? "null"
                                        : entry.getKey().getClass().getName()) + ")";
                fields.set(name, entry.getValue());
            }
        } catch (RuntimeException
                | StackOverflowError hostile) { // a map that another thread changes, or whose iterator throws
            fields.set(EventDraft.BROKEN_MAP, hostile.getClass().getName());
        }
        return fields;
    }

    /** Puts a text. */
    public EventFields put(String name, @Nullable String value) {
        return set(name, value);
    }

    /** Puts a whole number. */
    public EventFields put(String name, long value) {
        return set(name, value);
    }

    /** Puts a decimal. A decimal that is not finite is a violation. */
    public EventFields put(String name, double value) {
        return set(name, value);
    }

    /** Puts a boolean. */
    public EventFields put(String name, boolean value) {
        return set(name, value);
    }

    /** Puts an instant, emitted in UTC with microseconds. */
    public EventFields put(String name, @Nullable Instant value) {
        return set(name, value);
    }

    /** Puts a duration, emitted as whole milliseconds. */
    public EventFields put(String name, @Nullable Duration value) {
        return set(name, value);
    }

    /** Puts an enum, emitted by its name. */
    public EventFields put(String name, @Nullable Enum<?> value) {
        return set(name, value);
    }

    /** Puts the text of a field of the contract. */
    public EventFields put(EventField field, @Nullable String value) {
        return set(field, value);
    }

    /** Puts the number of a field of the contract. */
    public EventFields put(EventField field, long value) {
        return set(field, value);
    }

    /** Puts the boolean of a field of the contract. */
    public EventFields put(EventField field, boolean value) {
        return set(field, value);
    }

    /** Puts the instant of a field of the contract. */
    public EventFields put(EventField field, @Nullable Instant value) {
        return set(field, value);
    }

    /** Puts the milliseconds of a field of the contract. A negative duration becomes zero. */
    public EventFields put(EventField field, @Nullable Duration value) {
        return set(field, value == null ? null : Math.max(0, Instants.millis(value)));
    }

    /** Puts the id of the run. */
    public EventFields runId(@Nullable RunId runId) {
        return set(EventField.RUN_ID, runId);
    }

    /** Puts the id of the run, given as text. */
    public EventFields runId(@Nullable String runId) {
        return set(EventField.RUN_ID, runId);
    }

    /** Puts the name of the workflow. */
    public EventFields workflowName(@Nullable String workflowName) {
        return set(EventField.WORKFLOW_NAME, workflowName);
    }

    /** Puts the target of the run. */
    public EventFields target(@Nullable Target target) {
        return set(EventField.TARGET, target == null ? null : target.value());
    }

    /** Puts the target of the run, given as text. */
    public EventFields target(@Nullable String target) {
        return set(EventField.TARGET, target);
    }

    /** Puts the id under which the run's trigger was delivered. */
    public EventFields deliveryId(@Nullable String deliveryId) {
        return set(EventField.DELIVERY_ID, deliveryId);
    }

    /** Puts the worker that took the run. */
    public EventFields workerId(@Nullable String workerId) {
        return set(EventField.WORKER_ID, workerId);
    }

    /** Puts the reason, for people. */
    public EventFields reason(@Nullable String reason) {
        return set(EventField.REASON, reason);
    }

    /** Puts how long it took. A negative duration becomes zero. */
    public EventFields duration(@Nullable Duration duration) {
        return put(EventField.DURATION_MS, duration);
    }

    /** Puts how long the run was queued. A negative duration becomes zero. */
    public EventFields queueWait(@Nullable Duration queueWait) {
        return put(EventField.QUEUE_WAIT_MS, queueWait);
    }

    /** Puts how long the run was suspended. A negative duration becomes zero. */
    public EventFields suspended(@Nullable Duration suspended) {
        return put(EventField.SUSPENDED_MS, suspended);
    }

    /** Puts the id of the task. */
    public EventFields taskId(@Nullable TaskId taskId) {
        return set(EventField.TASK_ID, taskId);
    }

    /**
     * Puts the reason, the category and the error of a failure. On the end of a run it also says {@code uncaught} if it is. If the
     * category is unknown and there is a cause, the categorizer decides when the event is emitted.
     */
    public EventFields failure(@Nullable Failure failure) {
        if (failure == null) {
            return this;
        }
        reason(failure.reason());
        put(EventField.ERROR_CATEGORY, failure.category().code());
        put(EventField.ERROR_CLASS, failure.errorClass().orElse(null));
        put(EventField.ERROR_MESSAGE, failure.errorMessage().orElse(null));
        put(EventField.ERROR_STACK, failure.errorStack().orElse(null));
        this.cause = failure.cause().orElse(null);
        this.uncaught = failure.uncaught();
        return this;
    }

    /** Sets the error of a failure: its class, message and stack become fields, and the log sink attaches it to the log call. */
    public EventFields cause(@Nullable Throwable cause) {
        this.cause = cause;
        return this;
    }

    /** Puts every field of another collection. A name that both have keeps the other's value. */
    public EventFields putAll(@Nullable EventFields other) {
        if (other == null) {
            return this;
        }
        for (int i = 0; i < other.size; i++) {
            set(other.key(i), other.value(i));
        }
        more |= other.more;
        if (other.cause != null) {
            cause = other.cause;
        }
        uncaught |= other.uncaught;
        return this;
    }

    /** Returns the value that was put for a field of the contract, or empty if there is none. */
    public Optional<Object> get(EventField field) {
        for (int i = 0; (seen & bit(field)) != 0L && i < size; i++) {
            if (slots[2 * i] == field) {
                return Optional.ofNullable(slots[2 * i + 1]);
            }
        }
        return Optional.empty();
    }

    /** Returns the fields by name, in the order in which they were put, with the values as given. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            map.put(key(i) instanceof EventField field ? field.fieldName() : (String) key(i), value(i));
        }
        return Collections.unmodifiableMap(map);
    }

    /**
     * Returns a clean copy of custom fields, fit to be stored with a transition and put on its event.
     *
     * @throws IllegalArgumentException if a name is not free, or a value is of a type that fields do not have; the message names it
     */
    public EventFields asCustom(Sanitizer sanitizer) {
        EventFields clean = of();
        for (int i = 0; i < size; i++) {
            if (!(key(i) instanceof String name)
                    || !EventField.isFree(name)
                    || ReservedNames.isOfContract(name)
                    || !sanitizer.isPlainName(name)) {
                String shown = key(i) instanceof EventField field ? field.fieldName() : (String) key(i);
                throw new IllegalArgumentException(
                        "field '%s' is not free for an application: expected a name that neither the event contract nor a log encoder owns"
                                .formatted(Sanitizer.clean(sanitizer.name(shown), 128)));
            }
            Object plain = EventDraft.plain(sanitizer, name, value(i));
            if (plain == null) {
                throw new IllegalArgumentException(
                        "field '%s' is a %s, expected text, a number, a boolean, an instant, a duration, an enum or an id"
                                .formatted(name, value(i).getClass().getName()));
            }
            if (clean.size < sanitizer.limits().fields()) { // what is more has no place on any event
                clean.set((Object) name, plain);
            }
        }
        return clean;
    }

    /** Returns whether no field was put. */
    public boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** Returns whether fields were left out, since there were more than any event can have. */
    boolean hadMore() {
        return more;
    }

    /** Returns the keys, each an {@link EventField} or a name, and their values, in turn; as many as {@link #size()} says. */
    @Nullable
    Object[] slots() {
        return slots;
    }

    /** An {@link EventField}, or the name of a custom field. */
    Object key(int index) {
        return Objects.requireNonNull(slots[2 * index]);
    }

    Object value(int index) {
        return Objects.requireNonNull(slots[2 * index + 1]);
    }

    boolean isUncaught() {
        return uncaught;
    }

    /** Returns the error of a failure, if one was put. */
    public Optional<Throwable> cause() {
        return Optional.ofNullable(cause);
    }

    private EventFields set(@Nullable String name, @Nullable Object value) {
        EventField field = name == null ? null : EventField.named(name);
        return set(field != null ? field : (Object) name, value);
    }

    private EventFields set(@Nullable Object given, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        Object key = given != null ? given : NO_NAME; // which is not a name, and so a violation
        if (size >= MOST && !(key instanceof EventField)) {
            more = true;
            return this;
        }
        long bit = bit(key);
        if ((seen & bit) != 0L && replace(key, value)) {
            return this;
        }
        seen |= bit;
        if (2 * size == slots.length) {
            slots = Arrays.copyOf(slots, 2 * slots.length);
        }
        slots[2 * size] = key;
        slots[2 * size + 1] = value;
        size++;
        return this;
    }

    @SuppressWarnings("EnumOrdinal") // nothing outlives the event
    private static long bit(Object key) {
        return 1L << (key instanceof EventField field ? field.ordinal() : key.hashCode());
    }

    private boolean replace(Object key, Object value) {
        for (int i = 0; i < size; i++) {
            if (key.equals(slots[2 * i])) {
                slots[2 * i + 1] = value;
                return true;
            }
        }
        return false;
    }
}
