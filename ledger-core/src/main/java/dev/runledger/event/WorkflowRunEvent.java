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
import static dev.runledger.event.EventField.EXECUTION;
import static dev.runledger.event.EventField.EXISTING_RUN_ID;
import static dev.runledger.event.EventField.IN_FLIGHT_RUN_ID;
import static dev.runledger.event.EventField.OUTCOME;
import static dev.runledger.event.EventField.POLLS;
import static dev.runledger.event.EventField.QUEUE_WAIT_MS;
import static dev.runledger.event.EventField.REASON;
import static dev.runledger.event.EventField.REASON_CODE;
import static dev.runledger.event.EventField.RECOVERED;
import static dev.runledger.event.EventField.RUN_ID;
import static dev.runledger.event.EventField.SUSPENDED_MS;
import static dev.runledger.event.EventField.UNCAUGHT;
import static dev.runledger.event.EventField.WAIT_CODE;
import static dev.runledger.event.EventField.WAIT_MS;
import static dev.runledger.event.EventField.WORKER_ID;

import dev.runledger.failure.Failure;
import dev.runledger.run.Dispatch;
import dev.runledger.state.RunCommand;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** The events of a workflow run. The ledger emits exactly one for each transition; {@link #COMPLETED} echoes the terminal ones. */
public enum WorkflowRunEvent implements EventType {
    /** A run was dispatched and waits for a worker. */
    QUEUED(
            null,
            spec("queued", Level.INFO, "Workflow run queued", "A run was dispatched and waits for a worker.")
                    .require(RUN_ID)
                    .allow(ACTOR)),
    /** A worker took the run. */
    RUNNING(
            RunCommand.START,
            spec("running", Level.INFO, "Workflow run running", "A worker took the run.")
                    .require(RUN_ID)
                    .allow(QUEUE_WAIT_MS, WORKER_ID, EXECUTION)),
    /** The run waits for something from outside. */
    SUSPENDED(
            RunCommand.SUSPEND,
            spec(
                            "suspended",
                            Level.INFO,
                            "Workflow run suspended",
                            "The run waits for something from outside: an approval, a callback, a time.")
                    .require(RUN_ID, REASON)
                    .allow(REASON_CODE, DEADLINE, CORRELATION_KEY)),
    /** The deadline of a wait passed, and the run goes on waiting. */
    OVERDUE(
            null,
            spec(
                            "overdue",
                            Level.WARN,
                            "Workflow run overdue",
                            "The deadline of a wait passed, and the run goes on waiting. Once for each wait; no transition, no row.")
                    .require(RUN_ID, REASON)
                    .allow(REASON_CODE, DEADLINE, CORRELATION_KEY, WAIT_MS)),
    /** The wait is over. */
    RESUMED(
            RunCommand.RESUME,
            spec(
                            "resumed",
                            Level.INFO,
                            "Workflow run resumed",
                            "The wait is over; the run is RUNNING without an owner until a worker claims it.")
                    .require(RUN_ID)
                    .allow(SUSPENDED_MS, REASON_CODE, DECISION, ACTOR, RECOVERED)),
    /** The execution is over without an outcome, and the run is QUEUED again. */
    REQUEUED(
            RunCommand.REQUEUE,
            spec(
                            "requeued",
                            Level.WARN,
                            "Workflow run requeued",
                            "The execution is over without an outcome, and the run is QUEUED again.")
                    .require(RUN_ID, REASON)
                    .allow(DURATION_MS, EXECUTION, ACTOR, RECOVERED)),
    /** The run gave its work to a child. */
    HANDED_OFF(
            RunCommand.HAND_OFF,
            spec(
                            "handed_off",
                            Level.INFO,
                            "Workflow run handed off",
                            "The run gave its work to a child and stays RUNNING until the application ends it.")
                    .require(RUN_ID, CHILD_RUN_ID)
                    .allow(DURATION_MS)),
    /** The work is done. */
    SUCCEEDED(
            RunCommand.SUCCEED,
            spec("succeeded", Level.INFO, "Workflow run succeeded", "The work is done.")
                    .require(RUN_ID, DURATION_MS)
                    .allow(QUEUE_WAIT_MS, SUSPENDED_MS, RECOVERED)),
    /** The work ended without an error and did not reach its goal. */
    INCOMPLETE(
            RunCommand.INCOMPLETE,
            spec(
                            "incomplete",
                            Level.WARN,
                            "Workflow run incomplete",
                            "The work ended without an error and did not reach its goal.")
                    .require(RUN_ID, DURATION_MS, REASON)
                    .allow(QUEUE_WAIT_MS, SUSPENDED_MS, RECOVERED)),
    /** The work failed; emitted at error if no code caught the failure. */
    FAILED(
            RunCommand.FAIL,
            spec(
                            "failed",
                            Level.WARN,
                            "Workflow run failed",
                            "The work failed; emitted at error if no code caught the failure.")
                    .require(RUN_ID, DURATION_MS, REASON, ERROR_CATEGORY, UNCAUGHT)
                    .allow(
                            QUEUE_WAIT_MS,
                            SUSPENDED_MS,
                            WAIT_MS,
                            WAIT_CODE,
                            RECOVERED,
                            ERROR_CLASS,
                            ERROR_MESSAGE,
                            ERROR_STACK)
                    .otherwise(ERROR_CATEGORY, Failure.Category.UNKNOWN.code())
                    .otherwise(UNCAUGHT, false)),
    /** A person or a program cancelled the run. */
    CANCELLED(
            RunCommand.CANCEL,
            spec("cancelled", Level.INFO, "Workflow run cancelled", "A person or a program cancelled the run.")
                    .require(RUN_ID, DURATION_MS, REASON)
                    .allow(QUEUE_WAIT_MS, SUSPENDED_MS, WAIT_MS, WAIT_CODE, ACTOR, RECOVERED)),
    /** No run was made. The event never has a run id. */
    DISPATCH_REFUSED(
            null,
            spec(
                            "dispatch_refused",
                            Level.INFO,
                            "Workflow run dispatch refused",
                            "No run was made. Never has a `runId`.")
                    .require(REASON, REASON_CODE)
                    .allow(IN_FLIGHT_RUN_ID, EXISTING_RUN_ID)
                    .never(RUN_ID)
                    .otherwise(REASON_CODE, Dispatch.RefusalCode.OTHER.code())),
    /** The application could not hand the run to its queue. */
    ENQUEUE_FAILED(
            RunCommand.ENQUEUE_FAILED,
            spec(
                            "enqueue_failed",
                            Level.ERROR,
                            "Workflow run could not be enqueued",
                            "The run was stored, the application could not hand it to its queue, and the run is FAILED.")
                    .require(RUN_ID, REASON)
                    .allow(DURATION_MS, ERROR_CATEGORY, ERROR_CLASS, ERROR_MESSAGE, ERROR_STACK)),
    /** The echo of every terminal event. */
    COMPLETED(
            null,
            EventSpec.of(
                            "workflow.run.completed",
                            Level.INFO,
                            true,
                            "Workflow run completed",
                            "Echoes every terminal event, so that one query draws the success rate. Derived: no transition, no row.")
                    .require(RUN_ID, OUTCOME, DURATION_MS)),
    /** A caller waited for the run to end. */
    AWAITED(
            null,
            spec(
                            "awaited",
                            Level.INFO,
                            "Workflow run awaited",
                            "A caller waited for the run to end: `completed`, `timeout` or `error`.")
                    .require(RUN_ID, OUTCOME, POLLS, DURATION_MS));

    private final @Nullable RunCommand command;
    final EventSpec spec;

    WorkflowRunEvent(@Nullable RunCommand command, EventSpec spec) {
        this.command = command;
        this.spec = command != null && command.isTerminal() ? spec.asTerminal() : spec;
    }

    private static EventSpec spec(String name, Level level, String message, String meaning) {
        return EventSpec.of("workflow.run." + name, level, false, message, meaning);
    }

    /** Returns the call that changes a run and causes this event; empty for the other events. */
    public Optional<RunCommand> command() {
        return Optional.ofNullable(command);
    }

    /** Returns the event that a call causes. */
    public static WorkflowRunEvent of(RunCommand command) {
        return switch (command) {
            case ENQUEUE_FAILED -> ENQUEUE_FAILED;
            case START -> RUNNING;
            case SUSPEND -> SUSPENDED;
            case RESUME -> RESUMED;
            case REQUEUE -> REQUEUED;
            case HAND_OFF -> HANDED_OFF;
            case SUCCEED -> SUCCEEDED;
            case INCOMPLETE -> INCOMPLETE;
            case FAIL -> FAILED;
            case CANCEL -> CANCELLED;
        };
    }
}
