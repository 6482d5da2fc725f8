package dev.runledger.event;

import dev.runledger.redact.Sanitizer;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One event while it is made: takes fields one by one, and knows what was wrong with them. Used by one thread, once. */
final class EventDraft {
    /** Below this many characters no event can be over its limit, however many bytes each of them takes. */
    private static final int BYTES_A_CHARACTER = 3;

    /** What the ledger sets and no call site does. */
    private static final FieldSet SET_BY_LEDGER = FieldSet.of(
            EventField.EVENT,
            EventField.EVENT_ID,
            EventField.SCHEMA_VERSION,
            EventField.OCCURRED_AT,
            EventField.CONTRACT_VIOLATION,
            EventField.TRUNCATED);

    /** What identifies something, and so is nothing if it is blank. */
    private static final FieldSet IDENTIFYING = FieldSet.of(
            EventField.WORKFLOW_NAME,
            EventField.RUN_ID,
            EventField.PARENT_RUN_ID,
            EventField.CHILD_RUN_ID,
            EventField.REPLAY_OF_RUN_ID,
            EventField.TARGET,
            EventField.DELIVERY_ID,
            EventField.CORRELATION_KEY,
            EventField.WORKER_ID,
            EventField.TASK_ID,
            EventField.TASK_NAME);

    /** Stands for the entries of a map that could not be read; no field can have this name. */
    static final String BROKEN_MAP = "(map)";

    private static final Long SCHEMA_VERSION = (long) LedgerEvent.SCHEMA_VERSION;

    /** Room for what the ledger adds to nearly every event; an error or a violation makes it grow. */
    private static final int ROOM = 4;

    private final EventType type;
    private final EventSpec spec;
    private final Sanitizer sanitizer;
    private final FieldSet owned;
    private Object[] slots; // a name and its value, in turn
    private final FieldSet present = new FieldSet();
    private int size;
    private int characters;
    private @Nullable FieldSet blank;
    private List<String> custom = List.of(); // the spellings of the custom fields
    private boolean truncated;
    private @Nullable StringBuilder violations;

    EventDraft(EventType type, Sanitizer sanitizer, int given) {
        this.type = type;
        this.spec = EventSpec.of(type);
        this.owned = spec.owned();
        this.sanitizer = sanitizer;
        this.slots = new Object[2 * (given + ROOM)];
    }

    /** Returns the fields of the echo: all of them were checked and cleaned for the event that it echoes. */
    static FlatFields echo(LedgerEvent terminal, String eventId) {
        EventSpec spec = EventSpec.of(WorkflowRunEvent.COMPLETED);
        FlatFields all = terminal.flat();
        Object[] slots = new Object[2 * all.size() + 2];
        int size = 0;
        for (int i = 0; i < all.size(); i++) {
            EventField field = EventField.named(all.name(i));
            if (field != null && spec.owned().contains(field) && field != EventField.CONTRACT_VIOLATION) {
                slots[2 * size] = field.name;
                slots[2 * size + 1] = switch (field) {
                    case EVENT -> spec.eventName();
                    case EVENT_ID -> eventId;
                    default -> all.value(i);
                };
                size++;
            }
        }
        slots[2 * size] = EventField.OUTCOME.name;
        slots[2 * size + 1] = outcome((WorkflowRunEvent) terminal.type());
        return new FlatFields(slots, size + 1);
    }

    private static String outcome(WorkflowRunEvent terminal) {
        return switch (terminal) {
            case SUCCEEDED -> "succeeded";
            case INCOMPLETE -> "incomplete";
            case CANCELLED -> "cancelled";
            case FAILED, ENQUEUE_FAILED -> "failed";
            default -> throw new IllegalArgumentException(terminal.eventName() + " ends no run");
        };
    }

    void begin(String eventId, Instant occurredAt) {
        add(EventField.EVENT, spec.eventName());
        add(EventField.EVENT_ID, eventId);
        add(EventField.SCHEMA_VERSION, SCHEMA_VERSION);
        add(EventField.OCCURRED_AT, Instants.format(occurredAt));
    }

    void addAll(EventFields fields) {
        Object[] given = fields.slots();
        int end = 2 * fields.size();
        truncated |= fields.hadMore();
        for (int i = 0; i < end; i += 2) {
            if (given[i] instanceof EventField field) {
                addOwned(field, given[i + 1]);
            } else {
                addCustom((String) given[i], given[i + 1]);
            }
        }
    }

    void addError(Sanitizer.ErrorText error) {
        truncated |= error.truncated();
        addIfAbsent(EventField.ERROR_CLASS, error.errorClass());
        addIfAbsent(EventField.ERROR_MESSAGE, error.errorMessage());
        addIfAbsent(EventField.ERROR_STACK, error.errorStack());
    }

    void addUncaught() {
        addIfAbsent(EventField.UNCAUGHT, Boolean.TRUE);
    }

    FlatFields finish() {
        spec.defaults().forEach((field, value) -> {
            if (!present.contains(field)) {
                add(field, value);
            }
        });
        if (!present.containsAll(spec.needed())) {
            requireSet(EventField.WORKFLOW_NAME);
            spec.required().forEach(this::requireSet);
        }
        if (violations != null) {
            add(
                    EventField.CONTRACT_VIOLATION,
                    sanitizer.text(violations.toString(), sanitizer.limits().reason()));
        }
        if (characters * BYTES_A_CHARACTER > sanitizer.limits().event()) {
            EventSize fitting = new EventSize(slots, size);
            truncated |= fitting.fit(sanitizer.limits().event());
            size = fitting.size();
        }
        if (truncated) {
            add(EventField.TRUNCATED, Boolean.TRUE);
        }
        return new FlatFields(slots, size);
    }

    private void requireSet(EventField field) {
        if (!present.contains(field) && (blank == null || !blank.contains(field))) {
            violation("missing " + field.name);
        }
    }

    /** Adds a field of the contract, as a call site gave it. */
    private void addOwned(EventField field, Object value) {
        if (!owned.contains(field) || SET_BY_LEDGER.contains(field)) {
            violation(field.fieldName() + " is not for the call site to set on " + type.eventName());
            return;
        }
        Object fitting = fit(field, value);
        if (fitting == null) {
            violation("%s is a %s, expected %s".formatted(field.fieldName(), typeOf(value), field.type()));
            return;
        }
        if (IDENTIFYING.contains(field) && ((String) fitting).isBlank()) {
            violation(field.name + " is blank");
            if (blank == null) {
                blank = new FieldSet();
            }
            blank.add(field);
            return;
        }
        add(field, fitting);
    }

    private @Nullable Object fit(EventField field, Object value) {
        return switch (field.type) {
            case TEXT -> value instanceof String text ? textOf(field, text) : idOf(value);
            case INTEGER -> value instanceof Duration duration ? (Object) Instants.millis(duration) : wholeOf(value);
            case BOOLEAN -> value instanceof Boolean ? value : null;
            case INSTANT -> instantOf(value);
        };
    }

    private static @Nullable Object instantOf(Object value) {
        if (value instanceof Instant instant) {
            return Instants.format(instant);
        }
        try {
            return value instanceof String text && text.length() <= 40 ? Instants.format(Instant.parse(text)) : null;
        } catch (DateTimeException notAnInstant) {
            return null;
        }
    }

    private Object textOf(EventField field, String text) {
        String fitting = switch (field) {
            case ERROR_STACK -> sanitizer.stack(text);
            case REASON, ERROR_MESSAGE, NOTE -> sanitizer.reason(text);
            case TARGET -> sanitizer.identity(text, 512);
            case DELIVERY_ID, CORRELATION_KEY -> sanitizer.identity(text, 256);
            case RUN_ID, PARENT_RUN_ID, CHILD_RUN_ID, REPLAY_OF_RUN_ID, TASK_ID, WORKER_ID -> sanitizer.id(text);
            case WORKFLOW_NAME, WORKFLOW_VERSION, PROJECT, TASK_QUEUE, TASK_NAME, VERB, INSTRUMENT ->
                sanitizer.id(text);
            default -> sanitizer.name(text);
        };
        truncated |= Sanitizer.wasCut(fitting);
        return fitting;
    }

    /** The library's ids need no cleaning: their characters were checked when they were made. */
    private static @Nullable Object idOf(Object value) {
        if (value instanceof RunId id) {
            return id.value();
        }
        if (value instanceof TaskId id) {
            return id.value();
        }
        return value instanceof Enum<?> constant ? constant.name() : null;
    }

    private static @Nullable Object wholeOf(Object value) {
        if (value instanceof Long) {
            return value;
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        return value instanceof BigInteger big && big.bitLength() < Long.SIZE ? (Object) big.longValue() : null;
    }

    private static @Nullable Object decimalOf(Object value) {
        if (value instanceof Double || value instanceof Float || value instanceof BigDecimal) {
            double decimal = ((Number) value).doubleValue();
            return Double.isFinite(decimal) ? (Object) decimal : null;
        }
        return null;
    }

    /** Adds a custom field. */
    private void addCustom(String name, Object value) {
        if (BROKEN_MAP.equals(name)) {
            violation("the map of fields could not be read: " + value);
            return;
        }
        if (!isName(sanitizer, name)) {
            violation("'%s' is not a field name".formatted(Sanitizer.clean(name, 64)));
            return;
        }
        if (ReservedNames.isReserved(name)) {
            violation(name + " is a name that log encoders own");
            return;
        }
        if (ReservedNames.isOfContract(name)) {
            violation(name + " is a name of the contract in another spelling, or has one before its dot");
            return;
        }
        if (size >= sanitizer.limits().fields() - 3) { // room for what the contract itself adds at the end
            truncated = true;
            sanitizer.countTruncation();
            return;
        }
        String clashing = clashing(name);
        if (clashing != null) {
            violation(name + " clashes with the field " + clashing
                    + ": some naming writes them alike, or one is the dotted prefix of the other");
            return;
        }
        Object plain = plain(sanitizer, name, value);
        truncated |= plain instanceof String text && Sanitizer.wasCut(text);
        if (plain == null) {
            violation("%s is a %s, which is not a type of a field".formatted(name, typeOf(value)));
            plain = typeOf(value);
        }
        append(name, plain);
    }

    /** Returns the value as it stands on an event, or null if it is of a type that fields do not have. */
    static @Nullable Object plain(Sanitizer sanitizer, String name, Object value) {
        if (value instanceof String text) {
            return sanitizer.value(name, text);
        }
        if (value instanceof Boolean) {
            return value;
        }
        if (value instanceof Instant instant) {
            return sanitizer.value(name, Instants.format(instant));
        }
        if (value instanceof Duration duration) {
            return Instants.millis(duration);
        }
        if (idOf(value) instanceof String id) {
            return sanitizer.value(name, id);
        }
        Object number = wholeOf(value);
        return number != null ? number : decimalOf(value);
    }

    /** Returns the spelling of an earlier custom field that clashes with this one; if there is none, notes this one's. */
    private @Nullable String clashing(String name) {
        String spelling = ReservedNames.spelling(name);
        for (String other : custom) {
            if (ReservedNames.clash(spelling, other)) {
                return other;
            }
        }
        custom = custom.isEmpty() ? new ArrayList<>() : custom;
        custom.add(spelling);
        return null;
    }

    /** Returns the class of a value that does not fit: never its text, which could be anything and could throw. */
    private static String typeOf(Object value) {
        String name = value.getClass().getName();
        return Sanitizer.clean(name, 256);
    }

    private void violation(String what) {
        StringBuilder all = violations;
        if (all == null) {
            all = new StringBuilder();
            violations = all;
        } else {
            all.append("; ");
        }
        all.append(what);
    }

    private void addIfAbsent(EventField field, @Nullable Object value) {
        if (value != null && !present.contains(field) && owned.contains(field)) {
            add(field, value);
        }
    }

    private void add(EventField field, Object value) {
        present.add(field);
        append(field.name, value);
    }

    /** Returns whether a custom field can have this name: it is a name, and shows no secret. */
    static boolean isName(Sanitizer sanitizer, String name) {
        return ReservedNames.isName(name) && sanitizer.isPlainName(name);
    }

    private void append(String name, Object value) {
        if (2 * size == slots.length) {
            slots = Arrays.copyOf(slots, 2 * size + 16);
        }
        slots[2 * size] = name;
        slots[2 * size + 1] = value;
        size++;
        characters += name.length() + (value instanceof String text ? text.length() : 20) + 6;
    }
}
