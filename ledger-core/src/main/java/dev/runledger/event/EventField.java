package dev.runledger.event;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lists the names that the event contract owns, each with its type and meaning.
 *
 * <p>The table in the manual and the JSON Schema are generated from this list. An application may add custom fields under any
 * {@linkplain #isFree(String) free} name.
 */
public enum EventField {
    /** The name of the event. */
    EVENT("event", Type.TEXT, "the name of the event"),
    /** The event's id. */
    EVENT_ID("eventId", Type.TEXT, "the event's id, the same in every sink"),
    /** The version of the contract. */
    SCHEMA_VERSION("schemaVersion", Type.INTEGER, "the version of this contract; 1"),
    /** When it happened. */
    OCCURRED_AT("occurredAt", Type.INSTANT, "when it happened: a UTC instant with microseconds"),
    /** Which workflow runs. */
    WORKFLOW_NAME("workflowName", Type.TEXT, "which workflow runs"),
    /** The run's id. */
    RUN_ID("runId", Type.TEXT, "the run's id"),
    /** The run's version. */
    SEQ(
            "seq",
            Type.INTEGER,
            "the run's version, which orders its events: 1 at dispatch, one more with every transition"),
    /** What the run works on. */
    TARGET("target", Type.TEXT, "what the run works on"),
    /** The id under which the trigger was delivered. */
    DELIVERY_ID("deliveryId", Type.TEXT, "the id under which the run's trigger was delivered"),
    /** Whose run it is. */
    PROJECT("project", Type.TEXT, "whose run it is; absent if it is empty"),
    /** Which version of the workflow runs. */
    WORKFLOW_VERSION("workflowVersion", Type.TEXT, "which version of the workflow runs"),
    /** Whether the run counts. */
    CHANNEL("channel", Type.TEXT, "`draft` or `live`"),
    /** The run that handed this one its work. */
    PARENT_RUN_ID("parentRunId", Type.TEXT, "the run that handed this one its work"),
    /** The run that this one does again. */
    REPLAY_OF_RUN_ID("replayOfRunId", Type.TEXT, "the run whose work this one does again"),
    /** What made the run. */
    TRIGGER("trigger", Type.TEXT, "the kind of trigger that made the run"),
    /** The queue that the run goes through. */
    TASK_QUEUE("taskQueue", Type.TEXT, "the application's queue that the run goes through"),
    /** What the event lacks or had too much of. */
    CONTRACT_VIOLATION("contractViolation", Type.TEXT, "what the call site got wrong; absent if it got nothing wrong"),
    /** Whether something was cut. */
    TRUNCATED("truncated", Type.BOOLEAN, "true if a value was cut or left out for its size"),

    /** How long the run was queued. */
    QUEUE_WAIT_MS("queueWaitMs", Type.INTEGER, "milliseconds that the run was queued before it last started"),
    /** The worker that has the run. */
    WORKER_ID("workerId", Type.TEXT, "the worker that took the run"),
    /** Why, for people. */
    REASON("reason", Type.TEXT, "why, as text for people"),
    /** Why, as a code. */
    REASON_CODE("reasonCode", Type.TEXT, "why, as one of a small closed set of codes"),
    /** Until when the run waits. */
    DEADLINE("deadline", Type.INSTANT, "until when the run waits"),
    /** The key by which a callback finds the run. */
    CORRELATION_KEY("correlationKey", Type.TEXT, "the key by which a callback finds the run"),
    /** How long the run was suspended. */
    SUSPENDED_MS(
            "suspendedMs", Type.INTEGER, "milliseconds suspended: of this wait on `resumed`, of all waits at an end"),
    /** What was decided. */
    DECISION("decision", Type.TEXT, "what was decided"),
    /** Who did it. */
    ACTOR("actor", Type.TEXT, "who did it: the person or program behind the call"),
    /** Which recovery it was. */
    RECOVERED(
            "recovered",
            Type.TEXT,
            "which recovery changed the run, rather than the code that works on it: `worker_lost`, `deadline` and so on"),
    /** Which execution it is. */
    EXECUTION("execution", Type.INTEGER, "which execution of the run it is, from 1; a requeued run has several"),
    /** How long it took. */
    DURATION_MS("durationMs", Type.INTEGER, "milliseconds from the first RUNNING, or from QUEUED if the run never ran"),
    /** The child that takes over. */
    CHILD_RUN_ID("childRunId", Type.TEXT, "the run that takes over"),
    /** What kind of failure it is. */
    ERROR_CATEGORY("errorCategory", Type.TEXT, "what kind of failure it is, as a code"),
    /** Whether the handler threw. */
    UNCAUGHT("uncaught", Type.BOOLEAN, "whether the handler threw the failure rather than reporting it"),
    /** How long the wait took that an end cut off. */
    WAIT_MS(
            "waitMs",
            Type.INTEGER,
            "milliseconds of the wait that this end cut off; absent if the run was not suspended"),
    /** What the run waited for when it ended. */
    WAIT_CODE("waitCode", Type.TEXT, "what the run was waiting for when it ended, as a code"),
    /** The class of the error. */
    ERROR_CLASS("errorClass", Type.TEXT, "the class of the error"),
    /** The message of the error. */
    ERROR_MESSAGE("errorMessage", Type.TEXT, "the message of the error"),
    /** The stack of the error. */
    ERROR_STACK("errorStack", Type.TEXT, "the stack of the error on one line"),
    /** The run in flight that was in the way. */
    IN_FLIGHT_RUN_ID("inFlightRunId", Type.TEXT, "the run in flight that was in the way"),
    /** The run that saw the delivery. */
    EXISTING_RUN_ID("existingRunId", Type.TEXT, "the run that had seen the delivery before"),
    /** How it ended. */
    OUTCOME("outcome", Type.TEXT, "how it ended"),
    /** How often was asked. */
    POLLS("polls", Type.INTEGER, "how often the state of the run was read"),

    /** The task's id. */
    TASK_ID("taskId", Type.TEXT, "the task's id"),
    /** The task's version. */
    TASK_SEQ("taskSeq", Type.INTEGER, "the task's own version, which orders its events"),
    /** Which step it is. */
    TASK_NAME("taskName", Type.TEXT, "which step of the workflow it is"),
    /** What the task does. */
    VERB("verb", Type.TEXT, "what the task does"),
    /** What kind of step it is. */
    TASK_KIND("taskKind", Type.TEXT, "`task`, `agent`, `tool` or `adapter`"),
    /** Which attempt it is. */
    ATTEMPT("attempt", Type.INTEGER, "which attempt it is, from 1"),
    /** Whether a retry is expected. */
    RETRY_EXPECTED("retryExpected", Type.BOOLEAN, "whether the task's retry policy expects another attempt"),
    /** The number of the next attempt. */
    NEXT_ATTEMPT("nextAttempt", Type.INTEGER, "the number of the attempt that starts"),
    /** The delay before the next attempt. */
    DELAY_MS("delayMs", Type.INTEGER, "milliseconds that the retry policy puts before that attempt"),
    /** The tool or adapter. */
    INSTRUMENT("instrument", Type.TEXT, "the tool that is executed or the adapter that is called"),
    /** How long an attempt may take. */
    TIMEOUT_MS("timeoutMs", Type.INTEGER, "milliseconds that an attempt may take"),
    /** Whether the attempt ran out of time. */
    TIMED_OUT("timedOut", Type.BOOLEAN, "whether the attempt ran out of time"),
    /** The exit code of a tool. */
    EXIT_CODE("exitCode", Type.INTEGER, "the exit code of a tool"),
    /** The HTTP status of a call. */
    STATUS_CODE("statusCode", Type.INTEGER, "the HTTP status that the called system answered"),
    /** How much a tool printed. */
    OUTPUT_BYTES("outputBytes", Type.INTEGER, "how many bytes a tool printed"),
    /** What a tool may do. */
    PERMISSIONS("permissions", Type.TEXT, "what a tool is allowed to do, separated by commas"),
    /** How far a task is. */
    NOTE("note", Type.TEXT, "how far the task is, for people"),
    /** How much is done. */
    DONE("done", Type.INTEGER, "how much is done"),
    /** How much there is. */
    TOTAL("total", Type.INTEGER, "how much there is to do");

    /** The type of a field in the JSON form. */
    public enum Type {
        /** Text on one line. */
        TEXT,
        /** A whole number. */
        INTEGER,
        /** True or false. */
        BOOLEAN,
        /** ISO-8601 text of a UTC instant with microseconds. */
        INSTANT
    }

    private static final Map<String, EventField> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(EventField::fieldName, Function.identity()));

    final String name;
    final Type type;
    private final String meaning;

    EventField(String fieldName, Type type, String meaning) {
        this.name = fieldName;
        this.type = type;
        this.meaning = meaning;
    }

    /** Returns the name of the field, in camelCase. */
    public String fieldName() {
        return name;
    }

    /** Returns the type of the field in the JSON form. */
    public Type type() {
        return type;
    }

    /** Returns what the field says, as a phrase for the manual. */
    public String meaning() {
        return meaning;
    }

    /** Returns the field with this name, or empty if the contract does not own the name. */
    public static Optional<EventField> ofName(String fieldName) {
        return Optional.ofNullable(named(fieldName));
    }

    static @Nullable EventField named(String fieldName) {
        return BY_NAME.get(fieldName);
    }

    /**
     * Returns whether a custom field may have this name: a letter, then letters, digits and {@code . _ -}, at most 128 in all, and no
     * name that a log encoder writes itself. The names of this contract are free in this sense: a value under one is a field of the
     * contract.
     */
    public static boolean isFree(String name) {
        return ReservedNames.isName(name) && !ReservedNames.isReserved(name);
    }
}
