package dev.runledger.event;

import static dev.runledger.event.EventField.ACTOR;
import static dev.runledger.event.EventField.CHILD_RUN_ID;
import static dev.runledger.event.EventField.CORRELATION_KEY;
import static dev.runledger.event.EventField.DEADLINE;
import static dev.runledger.event.EventField.DECISION;
import static dev.runledger.event.EventField.DURATION_MS;
import static dev.runledger.event.EventField.ERROR_CATEGORY;
import static dev.runledger.event.EventField.ERROR_CLASS;
import static dev.runledger.event.EventField.ERROR_MESSAGE;
import static dev.runledger.event.EventField.ERROR_STACK;
import static dev.runledger.event.EventField.EXISTING_RUN_ID;
import static dev.runledger.event.EventField.IN_FLIGHT_RUN_ID;
import static dev.runledger.event.EventField.OUTCOME;
import static dev.runledger.event.EventField.POLLS;
import static dev.runledger.event.EventField.QUEUE_WAIT_MS;
import static dev.runledger.event.EventField.REASON;
import static dev.runledger.event.EventField.REASON_CODE;
import static dev.runledger.event.EventField.RUN_ID;
import static dev.runledger.event.EventField.SUSPENDED_MS;
import static dev.runledger.event.EventField.UNCAUGHT;
import static dev.runledger.event.EventField.WAIT_CODE;
import static dev.runledger.event.EventField.WAIT_MS;
import static dev.runledger.event.EventField.WORKER_ID;

import dev.runledger.state.RunCommand;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** The events of a workflow run. Each transition tells exactly one; {@link #COMPLETED} echoes the terminal ones. */
public enum WorkflowRunEvent implements EventType {
    /** A run was dispatched and waits for a worker. */
    QUEUED(
            "queued",
            Level.INFO,
            RunCommand.DISPATCH,
            "Workflow run queued",
            "A run was dispatched and waits for a worker.",
            FieldRules.of(List.of(RUN_ID))),
    /** A worker took the run. */
    RUNNING(
            "running",
            Level.INFO,
            RunCommand.START,
            "Workflow run running",
            "A worker took the run.",
            FieldRules.of(List.of(RUN_ID, QUEUE_WAIT_MS, WORKER_ID))),
    /** The run waits for something from outside. */
    SUSPENDED(
            "suspended",
            Level.INFO,
            RunCommand.SUSPEND,
            "Workflow run suspended",
            "The run waits for something from outside: an approval, a callback, a time.",
            FieldRules.of(List.of(RUN_ID, REASON), REASON_CODE, DEADLINE, CORRELATION_KEY)),
    /** What the run waited for has come. */
    RESUMED(
            "resumed",
            Level.INFO,
            RunCommand.RESUME,
            "Workflow run resumed",
            "What the run waited for has come; it runs on, unowned until a worker claims it.",
            FieldRules.of(List.of(RUN_ID, SUSPENDED_MS), REASON_CODE, DECISION, ACTOR)),
    /** The run gave its work to a child. */
    HANDED_OFF(
            "handed_off",
            Level.INFO,
            RunCommand.HAND_OFF,
            "Workflow run handed off",
            "The run gave its work to a child and stays RUNNING until the host ends it.",
            FieldRules.of(List.of(RUN_ID, DURATION_MS, CHILD_RUN_ID))),
    /** The work is done. */
    SUCCEEDED(
            "succeeded",
            Level.INFO,
            RunCommand.SUCCEED,
            "Workflow run succeeded",
            "The work is done.",
            FieldRules.of(List.of(RUN_ID, DURATION_MS, QUEUE_WAIT_MS, SUSPENDED_MS))),
    /** The work ran cleanly and what it was for is undone. */
    INCOMPLETE(
            "incomplete",
            Level.WARN,
            RunCommand.INCOMPLETE,
            "Workflow run incomplete",
            "The work ran cleanly and what it was for is still undone.",
            FieldRules.of(List.of(RUN_ID, DURATION_MS, QUEUE_WAIT_MS, SUSPENDED_MS, REASON))),
    /** The work failed; told at error where nobody caught it. */
    FAILED(
            "failed",
            Level.WARN,
            RunCommand.FAIL,
            "Workflow run failed",
            "The work failed; told at error where nobody caught the failure.",
            FieldRules.of(
                    List.of(RUN_ID, DURATION_MS, SUSPENDED_MS, REASON, ERROR_CATEGORY, UNCAUGHT),
                    QUEUE_WAIT_MS,
                    WAIT_MS,
                    WAIT_CODE,
                    ERROR_CLASS,
                    ERROR_MESSAGE,
                    ERROR_STACK)),
    /** Somebody called the run off. */
    CANCELLED(
            "cancelled",
            Level.INFO,
            RunCommand.CANCEL,
            "Workflow run cancelled",
            "Somebody called the run off.",
            FieldRules.of(List.of(RUN_ID, DURATION_MS, SUSPENDED_MS, REASON), QUEUE_WAIT_MS, WAIT_MS, WAIT_CODE)),
    /** No run was made; the event never has a run id. */
    DISPATCH_REFUSED(
            "dispatch_refused",
            Level.INFO,
            RunCommand.REFUSE,
            "Workflow run dispatch refused",
            "No run was made. Never has a `runId`.",
            FieldRules.of(List.of(REASON, REASON_CODE), IN_FLIGHT_RUN_ID, EXISTING_RUN_ID)
                    .never(RUN_ID)),
    /** The host could not hand the run to its queue. */
    ENQUEUE_FAILED(
            "enqueue_failed",
            Level.ERROR,
            RunCommand.ENQUEUE_FAILED,
            "Workflow run could not be enqueued",
            "The run was stored and the host could not hand it to its queue; the run is FAILED.",
            FieldRules.of(
                    List.of(RUN_ID, DURATION_MS, REASON), ERROR_CATEGORY, ERROR_CLASS, ERROR_MESSAGE, ERROR_STACK)),
    /** The echo of every terminal event. */
    COMPLETED(
            "completed",
            Level.INFO,
            null,
            "Workflow run completed",
            "Echoes every terminal event, so that one query draws the success rate. Derived: not a transition, no row.",
            FieldRules.of(List.of(RUN_ID, OUTCOME, DURATION_MS))),
    /** Somebody waited for the run to end. */
    AWAITED(
            "awaited",
            Level.INFO,
            null,
            "Workflow run awaited",
            "Somebody waited for the run to end: `completed`, `timeout` or `error`.",
            FieldRules.of(List.of(RUN_ID, OUTCOME, POLLS, DURATION_MS)));

    private final String eventName;
    private final Level level;
    private final @Nullable RunCommand command;
    private final String message;
    private final String meaning;
    private final FieldRules rules;

    WorkflowRunEvent(
            String name, Level level, @Nullable RunCommand command, String message, String meaning, FieldRules rules) {
        this.eventName = "workflow.run." + name;
        this.level = level;
        this.command = command;
        this.message = message;
        this.meaning = meaning;
        this.rules = rules;
    }

    /** The call that tells this event, or empty for the echo and for an await. */
    public Optional<RunCommand> command() {
        return Optional.ofNullable(command);
    }

    /** The event that a call tells. */
    public static WorkflowRunEvent of(RunCommand command) {
        return switch (command) {
            case DISPATCH -> QUEUED;
            case REFUSE -> DISPATCH_REFUSED;
            case ENQUEUE_FAILED -> ENQUEUE_FAILED;
            case START -> RUNNING;
            case SUSPEND -> SUSPENDED;
            case RESUME -> RESUMED;
            case HAND_OFF -> HANDED_OFF;
            case SUCCEED -> SUCCEEDED;
            case INCOMPLETE -> INCOMPLETE;
            case FAIL -> FAILED;
            case CANCEL -> CANCELLED;
        };
    }

    @Override
    public String eventName() {
        return eventName;
    }

    @Override
    public Level level() {
        return level;
    }

    @Override
    public String message() {
        return message;
    }

    @Override
    public String meaning() {
        return meaning;
    }

    @Override
    public Set<EventField> required() {
        return rules.required;
    }

    @Override
    public Set<EventField> optional() {
        return rules.optional;
    }

    @Override
    public boolean isTerminal() {
        return this == COMPLETED || (command != null && command.isTerminal());
    }

    @Override
    public boolean owns(EventField field) {
        return (rules.ownedBits & field.bit()) != 0;
    }

    FieldRules rules() {
        return rules;
    }
}
