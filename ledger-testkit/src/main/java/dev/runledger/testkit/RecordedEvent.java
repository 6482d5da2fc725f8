package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was told.
 *
 * @param event what was told
 * @param thread the name of the thread that told it
 * @param threadId its id, since names repeat
 * @param line the line of the host's code that it came from, or null where there is none on the stack
 */
record RecordedEvent(
        LedgerEvent event,
        String thread,
        long threadId,
        @Nullable StackTraceElement line) {
    /** The event, told by this thread from this line. */
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
}
