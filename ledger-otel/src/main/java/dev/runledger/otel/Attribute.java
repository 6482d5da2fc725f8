package dev.runledger.otel;

import io.opentelemetry.api.common.AttributeKey;

/**
 * Lists the attributes that are not fields of an event. Those of OpenTelemetry are copied from its semantic conventions 1.44.0, because
 * a library must not depend on their constants. The table in the manual is generated from here.
 */
enum Attribute {
    UID("log.record.uid", "log events", "the event's id: a record that has it twice is a duplicate"),
    EVENT_NAME("event.name", "log events", "the event's name, if the API is older than 1.50 and has no place for it"),
    EXCEPTION_TYPE("exception.type", "log events", "the class of the error"),
    EXCEPTION_MESSAGE("exception.message", "log events", "its message, redacted"),
    EXCEPTION_STACKTRACE("exception.stacktrace", "log events", "its stack on one line, redacted and cut"),
    ERROR_TYPE(
            "error.type",
            "log events, spans",
            "of what failed: the class of the error, else its category, else `_OTHER`"),
    OUTCOME(
            "ledger.outcome",
            "spans",
            "how it ended; of a segment also `suspended`, `handed_off`, or `lost` if another process ended the run or"
                    + " nothing could be stored"),
    EXTENT("ledger.run_extent", "`workflow.run`", "`segment`, or `run` for a span of stored times"),
    RUN_STATE("ledger.run_state", "`workflow.run.polled`", "the state that was seen"),
    LINK(
            "ledger.link",
            "links",
            "what is linked: `segment_before`, `resume` (who resumed it), `parent_run`, `consumer` (the span in which the worker took it), or `run` from an await"),

    CICD_NAME("cicd.pipeline.name", "`cicdNames`: run and task spans, metrics", "the workflow's name"),
    CICD_RUN_ID("cicd.pipeline.run.id", "`cicdNames`: run and task spans", "the run's id"),
    CICD_RESULT(
            "cicd.pipeline.result",
            "`cicdNames`: run spans, metrics",
            "`success`, `failure`, `error`, `timeout`, `cancellation`, and our own `incomplete`, `suspended`, `handed_off`"),
    CICD_STATE("cicd.pipeline.run.state", "`cicdNames`: metrics", "`pending`, `executing`, and our own `suspended`"),
    CICD_TASK_NAME("cicd.pipeline.task.name", "`cicdNames`: task spans", "the task's name"),
    CICD_TASK_ID("cicd.pipeline.task.run.id", "`cicdNames`: task spans", "the task's id"),
    CICD_TASK_RESULT("cicd.pipeline.task.run.result", "`cicdNames`: task spans", "`success`, `failure` or `timeout`"),
    CICD_WORKER("cicd.worker.id", "`cicdNames`: run spans", "the worker that has the run"),
    CICD_COMPONENT("cicd.system.component", "`cicdNames`: metrics", "`scheduler`");

    private final AttributeKey<String> key;
    private final String where;
    private final String meaning;

    Attribute(String name, String where, String meaning) {
        this.key = AttributeKey.stringKey(name);
        this.where = where;
        this.meaning = meaning;
    }

    /** Returns the key. */
    AttributeKey<String> key() {
        return key;
    }

    /** Returns where it stands. */
    String where() {
        return where;
    }

    /** Returns what it says. */
    String meaning() {
        return meaning;
    }
}
