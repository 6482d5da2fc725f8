package dev.runledger.run;

import java.util.Locale;

/** What kind of step a task is; it names the task's span and is fit for a metric's tag. */
public enum TaskKind {
    /** A step of the workflow's own code. */
    TASK,
    /** A call of an agent or a model. */
    AGENT,
    /** The execution of a tool, with an exit code and output. */
    TOOL,
    /** A call of another system through an adapter. */
    ADAPTER;

    /** The kind's code on an event: {@code task}, {@code agent}, {@code tool} or {@code adapter}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
