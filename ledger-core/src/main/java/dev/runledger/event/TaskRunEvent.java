package dev.runledger.event;

import static dev.runledger.event.EventField.ATTEMPT;
import static dev.runledger.event.EventField.DELAY_MS;
import static dev.runledger.event.EventField.DONE;
import static dev.runledger.event.EventField.DURATION_MS;
import static dev.runledger.event.EventField.ERROR_CATEGORY;
import static dev.runledger.event.EventField.ERROR_CLASS;
import static dev.runledger.event.EventField.ERROR_MESSAGE;
import static dev.runledger.event.EventField.ERROR_STACK;
import static dev.runledger.event.EventField.EXECUTION;
import static dev.runledger.event.EventField.EXIT_CODE;
import static dev.runledger.event.EventField.INSTRUMENT;
import static dev.runledger.event.EventField.NEXT_ATTEMPT;
import static dev.runledger.event.EventField.NOTE;
import static dev.runledger.event.EventField.OUTPUT_BYTES;
import static dev.runledger.event.EventField.PERMISSIONS;
import static dev.runledger.event.EventField.REASON;
import static dev.runledger.event.EventField.RETRY_EXPECTED;
import static dev.runledger.event.EventField.STATUS_CODE;
import static dev.runledger.event.EventField.TASK_ID;
import static dev.runledger.event.EventField.TASK_KIND;
import static dev.runledger.event.EventField.TASK_NAME;
import static dev.runledger.event.EventField.TASK_SEQ;
import static dev.runledger.event.EventField.TIMED_OUT;
import static dev.runledger.event.EventField.TIMEOUT_MS;
import static dev.runledger.event.EventField.TOTAL;
import static dev.runledger.event.EventField.VERB;

import org.slf4j.event.Level;

/** The events of a task, a step of a workflow run. The ledger emits exactly one for each transition of a task. */
public enum TaskRunEvent implements EventType {
    /** The first attempt started. */
    STARTED(spec("started", Level.INFO, "Workflow task started", "The first attempt of a task started.")
            .require(TASK_ID, TASK_NAME, VERB, TASK_KIND, ATTEMPT)
            .allow(TASK_SEQ, EXECUTION, INSTRUMENT, TIMEOUT_MS, PERMISSIONS)),
    /** The attempt succeeded. */
    SUCCEEDED(spec("succeeded", Level.INFO, "Workflow task succeeded", "An attempt succeeded, and the task with it.")
            .require(TASK_ID, TASK_NAME, VERB, TASK_KIND, ATTEMPT, DURATION_MS)
            .allow(
                    TASK_SEQ,
                    EXECUTION,
                    INSTRUMENT,
                    TIMEOUT_MS,
                    TIMED_OUT,
                    EXIT_CODE,
                    STATUS_CODE,
                    OUTPUT_BYTES,
                    PERMISSIONS)),
    /** The attempt failed. */
    FAILED(spec(
                    "failed",
                    Level.WARN,
                    "Workflow task failed",
                    "An attempt failed; `retryExpected` says whether the task's policy expects another.")
            .require(TASK_ID, TASK_NAME, VERB, TASK_KIND, ATTEMPT, DURATION_MS, REASON, ERROR_CATEGORY, RETRY_EXPECTED)
            .allow(
                    TASK_SEQ,
                    EXECUTION,
                    INSTRUMENT,
                    TIMEOUT_MS,
                    TIMED_OUT,
                    EXIT_CODE,
                    STATUS_CODE,
                    OUTPUT_BYTES,
                    PERMISSIONS,
                    ERROR_CLASS,
                    ERROR_MESSAGE,
                    ERROR_STACK)),
    /** A further attempt started; emitted at warn if the policy did not expect it. */
    RETRYING(spec(
                    "retrying",
                    Level.INFO,
                    "Workflow task retrying",
                    "A further attempt started; emitted at warn if the task's policy did not expect it.")
            .require(TASK_ID, TASK_NAME, VERB, TASK_KIND, ATTEMPT, RETRY_EXPECTED, NEXT_ATTEMPT, DELAY_MS)
            .allow(TASK_SEQ, EXECUTION, INSTRUMENT, TIMEOUT_MS, PERMISSIONS)),
    /** The task was not needed. */
    SKIPPED(spec("skipped", Level.INFO, "Workflow task skipped", "A task was not needed and did not run.")
            .require(TASK_ID, TASK_NAME, VERB, TASK_KIND, REASON)
            .allow(TASK_SEQ, EXECUTION, INSTRUMENT)),
    /** How far the task is; no transition. */
    PROGRESS(spec(
                    "progress",
                    Level.DEBUG,
                    "Workflow task progress",
                    "How far a task is. No transition: emitted and not stored.")
            .require(TASK_ID)
            .allow(TASK_NAME, NOTE, DONE, TOTAL));

    final EventSpec spec;

    TaskRunEvent(EventSpec spec) {
        this.spec = spec;
    }

    private static EventSpec spec(String name, Level level, String message, String meaning) {
        return EventSpec.of("workflow.task." + name, level, false, message, meaning);
    }
}
