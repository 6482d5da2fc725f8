package dev.runledger.otel;

import dev.runledger.run.NewTask;

/** Lists the spans of this module. The table in the manual is generated from here. */
enum SpanName {
    RUN(
            "workflow.run",
            "a segment of execution, from a start or a claim to an end, a suspension or a hand-off; or a whole run"),
    TASK("task.execute", "an attempt of a task of the workflow's own code"),
    AGENT("agent.execute", "an attempt of a task of kind AGENT"),
    TOOL("runtime.execute_tool", "an attempt of a task of kind TOOL"),
    ADAPTER("adapter.call", "an attempt of a task of kind ADAPTER"),
    PREPARE_TASK("task.prepare", "`TaskScope.prepare` in a task of the workflow's own code"),
    PREPARE_AGENT("agent.prepare", "`TaskScope.prepare` in a task of kind AGENT"),
    PREPARE_TOOL("runtime.prepare_tool", "`TaskScope.prepare` in a task of kind TOOL"),
    PREPARE_ADAPTER("adapter.prepare", "`TaskScope.prepare` in a task of kind ADAPTER"),
    WAIT("workflow.wait_completion", "an `await`, with an event `workflow.run.polled` each time it looks");

    private final String spanName;
    private final String meaning;

    SpanName(String spanName, String meaning) {
        this.spanName = spanName;
        this.meaning = meaning;
    }

    /** Returns the span of an attempt of a task of this kind. */
    static SpanName ofTask(NewTask.Kind kind) {
        return switch (kind) {
            case TASK -> TASK;
            case AGENT -> AGENT;
            case TOOL -> TOOL;
            case ADAPTER -> ADAPTER;
        };
    }

    /** Returns the span of what prepares such an attempt. */
    static SpanName ofPreparation(NewTask.Kind kind) {
        return switch (kind) {
            case TASK -> PREPARE_TASK;
            case AGENT -> PREPARE_AGENT;
            case TOOL -> PREPARE_TOOL;
            case ADAPTER -> PREPARE_ADAPTER;
        };
    }

    /** Returns the name of the span. */
    String spanName() {
        return spanName;
    }

    /** Returns what the span covers. */
    String meaning() {
        return meaning;
    }
}
