package dev.runledger.event;

import static dev.runledger.event.EventField.ATTEMPT;
import static dev.runledger.event.EventField.DELAY_MS;
import static dev.runledger.event.EventField.DONE;
import static dev.runledger.event.EventField.DURATION_MS;
import static dev.runledger.event.EventField.ERROR_CATEGORY;
import static dev.runledger.event.EventField.ERROR_CLASS;
import static dev.runledger.event.EventField.ERROR_MESSAGE;
import static dev.runledger.event.EventField.ERROR_STACK;
import static dev.runledger.event.EventField.EXIT_CODE;
import static dev.runledger.event.EventField.INSTRUMENT;
import static dev.runledger.event.EventField.NEXT_ATTEMPT;
import static dev.runledger.event.EventField.NOTE;
import static dev.runledger.event.EventField.OUTPUT_BYTES;
import static dev.runledger.event.EventField.PERMISSIONS;
import static dev.runledger.event.EventField.REASON;
import static dev.runledger.event.EventField.RETRY_EXPECTED;
import static dev.runledger.event.EventField.TASK_ID;
import static dev.runledger.event.EventField.TASK_KIND;
import static dev.runledger.event.EventField.TASK_NAME;
import static dev.runledger.event.EventField.TASK_SEQ;
import static dev.runledger.event.EventField.TIMED_OUT;
import static dev.runledger.event.EventField.TIMEOUT_MS;
import static dev.runledger.event.EventField.TOTAL;
import static dev.runledger.event.EventField.VERB;

import java.util.List;
import java.util.Set;
import org.slf4j.event.Level;

/** The events of a task run, a step of a workflow run. Each transition of a task tells exactly one. */
public enum TaskRunEvent implements EventType {
    /** The first attempt started. */
    STARTED(
            "started",
            Level.INFO,
            "Workflow task started",
            "The first attempt of a task started.",
            FieldRules.of(
                    List.of(TASK_ID, TASK_NAME, VERB, TASK_KIND, ATTEMPT),
                    TASK_SEQ,
                    INSTRUMENT,
                    TIMEOUT_MS,
                    PERMISSIONS)),
    /** The attempt succeeded. */
    SUCCEEDED(
            "succeeded",
            Level.INFO,
            "Workflow task succeeded",
            "An attempt succeeded, and the task with it.",
            FieldRules.of(
                    List.of(TASK_ID, TASK_NAME, VERB, TASK_KIND, ATTEMPT, DURATION_MS),
                    TASK_SEQ,
                    INSTRUMENT,
                    TIMEOUT_MS,
                    TIMED_OUT,
                    EXIT_CODE,
                    OUTPUT_BYTES,
                    PERMISSIONS)),
    /** The attempt failed. */
    FAILED(
            "failed",
            Level.WARN,
            "Workflow task failed",
            "An attempt failed; `retryExpected` says whether the task's policy expects another.",
            FieldRules.of(
                    List.of(
                            TASK_ID,
                            TASK_NAME,
                            VERB,
                            TASK_KIND,
                            ATTEMPT,
                            DURATION_MS,
                            REASON,
                            ERROR_CATEGORY,
                            RETRY_EXPECTED),
                    TASK_SEQ,
                    INSTRUMENT,
                    TIMEOUT_MS,
                    TIMED_OUT,
                    EXIT_CODE,
                    OUTPUT_BYTES,
                    PERMISSIONS,
                    ERROR_CLASS,
                    ERROR_MESSAGE,
                    ERROR_STACK)),
    /** A further attempt started; told at warn where the policy did not expect it. */
    RETRYING(
            "retrying",
            Level.INFO,
            "Workflow task retrying",
            "A further attempt started; told at warn where the task's policy did not expect it.",
            FieldRules.of(
                    List.of(TASK_ID, TASK_NAME, VERB, TASK_KIND, ATTEMPT, RETRY_EXPECTED, NEXT_ATTEMPT, DELAY_MS),
                    TASK_SEQ,
                    INSTRUMENT,
                    TIMEOUT_MS,
                    PERMISSIONS)),
    /** The task was not needed. */
    SKIPPED(
            "skipped",
            Level.INFO,
            "Workflow task skipped",
            "A task was not needed and did not run.",
            FieldRules.of(List.of(TASK_ID, TASK_NAME, VERB, TASK_KIND, REASON), TASK_SEQ, INSTRUMENT)),
    /** Where the task stands; no transition. */
    PROGRESS(
            "progress",
            Level.DEBUG,
            "Workflow task progress",
            "Where a task stands. No transition: told and not stored.",
            FieldRules.of(List.of(TASK_ID), TASK_NAME, NOTE, DONE, TOTAL));

    private final String eventName;
    private final Level level;
    private final String message;
    private final String meaning;
    private final FieldRules rules;

    TaskRunEvent(String name, Level level, String message, String meaning, FieldRules rules) {
        this.eventName = "workflow.task." + name;
        this.level = level;
        this.message = message;
        this.meaning = meaning;
        this.rules = rules;
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
        return false;
    }

    @Override
    public boolean owns(EventField field) {
        return (rules.ownedBits & field.bit()) != 0;
    }

    FieldRules rules() {
        return rules;
    }
}
