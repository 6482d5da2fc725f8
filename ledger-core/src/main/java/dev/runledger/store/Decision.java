package dev.runledger.store;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.WorkflowRun;

/** What the state machine makes of a change to a run as it stands. */
public sealed interface Decision {
    /**
     * The change fits, and this is what the run becomes.
     *
     * @param run the run after the change
     */
    record Next(WorkflowRun run) implements Decision {}

    /**
     * The change was made before: its event is the latest of this type.
     *
     * @param event the type of the event
     */
    record Already(WorkflowRunEvent event) implements Decision {}

    /**
     * The change does not fit, for this reason.
     *
     * @param why the reason, in words
     */
    record No(String why) implements Decision {}
}
