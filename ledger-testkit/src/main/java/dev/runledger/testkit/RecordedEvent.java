package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was emitted.
 *
 * @param event the event
 * @param thread the name of the thread that emitted it
 * @param threadId the id of the thread, since names repeat
 * @param line the line of the application that it came from, or null if none is on the stack
 */
record RecordedEvent(
        LedgerEvent event,
        String thread,
        long threadId,
        @Nullable StackTraceElement line) {
    /** Returns the event as emitted by this thread from this line. */
    static RecordedEvent now(LedgerEvent event) {
        Thread thread = Thread.currentThread();
        return new RecordedEvent(event, thread.getName(), thread.getId(), HostLine.find());
    }

    String runId() {
        return event.text(EventField.RUN_ID).orElse("");
    }

    String taskId() {
        return event.text(EventField.TASK_ID).orElse("");
    }

    boolean isOfTask() {
        return event.eventName().startsWith("workflow.task.");
    }

    /** Returns whether somebody looked at the run, which no order holds to its transitions and no store keeps. */
    boolean isAside() {
        return isAside(event);
    }

    static boolean isAside(LedgerEvent event) {
        return event.type() == WorkflowRunEvent.AWAITED || event.type() == WorkflowRunEvent.OVERDUE;
    }
}
