package dev.runledger.event;

import dev.runledger.run.Failure;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call site knows of an event: fields of the contract and fields of the host's own.
 *
 * <p>Takes text, whole numbers, finite decimals, booleans, instants, durations (told as whole milliseconds), enums (told by
 * name) and the library's ids. Nothing throws: a null is left out, the same name twice keeps the later value, and what does
 * not fit the contract is told as the event's {@code contractViolation} and counted. Not thread-safe, like a builder.
 */
public final class EventFields {
    private @Nullable Object[] slots = new Object[24];
    private long owned;
    private int size;
    private @Nullable Throwable cause;

    private EventFields() {}

    /** No fields yet. */
    public static EventFields of() {
        return new EventFields();
    }

    /** The entries of a map. A value of a type that fields do not have is told by its class name, as a violation. */
    public static EventFields of(Map<?, ?> map) {
        EventFields fields = new EventFields();
        try {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                fields.set(
                        entry.getKey() instanceof String name ? name : String.valueOf((Object) null), entry.getValue());
            }
        } catch (RuntimeException
                | StackOverflowError hostile) { // a map that another thread changes, or whose iterator throws
            fields.set(EventContract.BROKEN_MAP, hostile.getClass().getName());
        }
        return fields;
    }

    /** Text. */
    public EventFields put(String name, @Nullable String value) {
        return set(name, value);
    }

    /** A whole number. */
    public EventFields put(String name, long value) {
        return set(name, value);
    }

    /** A decimal; one that is not finite is a violation. */
    public EventFields put(String name, double value) {
        return set(name, value);
    }

    /** True or false. */
    public EventFields put(String name, boolean value) {
        return set(name, value);
    }

    /** An instant, told in UTC with microseconds. */
    public EventFields put(String name, @Nullable Instant value) {
        return set(name, value);
    }

    /** A duration, told as whole milliseconds. */
    public EventFields put(String name, @Nullable Duration value) {
        return set(name, value);
    }

    /** An enum, told by its name. */
    public EventFields put(String name, @Nullable Enum<?> value) {
        return set(name, value);
    }

    /** The text of a field that the contract owns. */
    public EventFields put(EventField field, @Nullable String value) {
        return set(field, value);
    }

    /** The number of a field that the contract owns. */
    public EventFields put(EventField field, long value) {
        return set(field, value);
    }

    /** The truth of a field that the contract owns. */
    public EventFields put(EventField field, boolean value) {
        return set(field, value);
    }

    /** The instant of a field that the contract owns. */
    public EventFields put(EventField field, @Nullable Instant value) {
        return set(field, value);
    }

    /** The milliseconds of a field that the contract owns; a negative duration is told as zero. */
    public EventFields put(EventField field, @Nullable Duration value) {
        return set(field, value == null ? null : Math.max(0, Instants.millis(value)));
    }

    /** The run's id. */
    public EventFields runId(RunId runId) {
        return set(EventField.RUN_ID, runId);
    }

    /** The run's id as text. */
    public EventFields runId(String runId) {
        return set(EventField.RUN_ID, runId);
    }

    /** Which workflow runs. */
    public EventFields workflowName(String workflowName) {
        return set(EventField.WORKFLOW_NAME, workflowName);
    }

    /** What the run works on. */
    public EventFields target(@Nullable Target target) {
        return set(EventField.TARGET, target == null ? null : target.value());
    }

    /** What the run works on, as text. */
    public EventFields target(@Nullable String target) {
        return set(EventField.TARGET, target);
    }

    /** The id under which the run's trigger was delivered. */
    public EventFields deliveryId(@Nullable String deliveryId) {
        return set(EventField.DELIVERY_ID, deliveryId);
    }

    /** The worker that took the run. */
    public EventFields workerId(String workerId) {
        return set(EventField.WORKER_ID, workerId);
    }

    /** Why, for people. */
    public EventFields reason(String reason) {
        return set(EventField.REASON, reason);
    }

    /** How long it took; a negative duration is told as zero. */
    public EventFields duration(Duration duration) {
        return put(EventField.DURATION_MS, duration);
    }

    /** How long the run was queued; a negative duration is told as zero. */
    public EventFields queueWait(Duration queueWait) {
        return put(EventField.QUEUE_WAIT_MS, queueWait);
    }

    /** How long the run was suspended; a negative duration is told as zero. */
    public EventFields suspended(Duration suspended) {
        return put(EventField.SUSPENDED_MS, suspended);
    }

    /** The task's id. */
    public EventFields taskId(TaskId taskId) {
        return set(EventField.TASK_ID, taskId);
    }

    /** The reason, the category and the error of a failure; {@code uncaught} is the run's own, to be put beside it. */
    public EventFields failure(Failure failure) {
        reason(failure.reason());
        put(EventField.ERROR_CATEGORY, failure.category().code());
        put(EventField.ERROR_CLASS, failure.errorClass());
        put(EventField.ERROR_MESSAGE, failure.errorMessage());
        put(EventField.ERROR_STACK, failure.errorStack());
        this.cause = failure.error();
        return this;
    }

    /** The error of a failure: its class, message and stack become fields, and the log sink attaches it to the log call. */
    public EventFields cause(@Nullable Throwable cause) {
        this.cause = cause;
        return this;
    }

    /** Every field of another; a name that stands in both keeps the other's value. */
    public EventFields putAll(EventFields other) {
        for (int i = 0; i < other.size; i++) {
            set(other.key(i), other.value(i));
        }
        if (other.cause != null) {
            cause = other.cause;
        }
        return this;
    }

    /** The value that was put for a field that the contract owns, or null. */
    public @Nullable Object get(EventField field) {
        for (int i = 0; i < size; i++) {
            if (slots[2 * i] == field) {
                return slots[2 * i + 1];
            }
        }
        return null;
    }

    /** The fields by name, in the order in which they were put, with the values that were given. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            map.put(key(i) instanceof EventField field ? field.fieldName() : (String) key(i), value(i));
        }
        return Collections.unmodifiableMap(map);
    }

    int size() {
        return size;
    }

    /** An {@link EventField}, or the name of a field of the host's own. */
    Object key(int index) {
        return Objects.requireNonNull(slots[2 * index]);
    }

    Object value(int index) {
        return Objects.requireNonNull(slots[2 * index + 1]);
    }

    @Nullable
    Throwable cause() {
        return cause;
    }

    /** A value that is a field's already. */
    void putPlain(String name, Object value) {
        set((Object) name, value);
    }

    private EventFields set(String name, @Nullable Object value) {
        return set(EventField.ofName(name).<Object>map(field -> field).orElse(name), value);
    }

    @SuppressWarnings("ReferenceEquality") // a key is an enum constant, or a name that is compared by value
    private EventFields set(Object key, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        long bit = key instanceof EventField field ? field.bit() : 0;
        boolean fresh = bit != 0 && (owned & bit) == 0;
        owned |= bit;
        for (int i = 0; !fresh && i < size; i++) {
            Object other = slots[2 * i];
            if (other == key || (key instanceof String && key.equals(other))) {
                slots[2 * i + 1] = value;
                return this;
            }
        }
        if (2 * size == slots.length) {
            slots = Arrays.copyOf(slots, 2 * slots.length);
        }
        slots[2 * size] = key;
        slots[2 * size + 1] = value;
        size++;
        return this;
    }
}
