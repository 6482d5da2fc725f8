package dev.runledger.store;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.WorkflowRun;

/** What the state machine makes of a change to a run as it stands. */
sealed interface Decision {
    /** The change fits, and this is what the run becomes. */
    record Next(WorkflowRun run) implements Decision {}

    /** The change was made before: its event is the latest of this type. */
    record Already(WorkflowRunEvent event) implements Decision {}

    /** The change does not fit, for this reason. */
    record No(String why) implements Decision {}
}
