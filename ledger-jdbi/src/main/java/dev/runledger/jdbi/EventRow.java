package dev.runledger.jdbi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored event of a run or of one of its tasks.
 *
 * @param taskId the task, or an empty text for an event of the run
 * @param seq the version that the event made
 * @param runSeq the version of the run at that time, for the event of a task
 * @param event the name of the event
 * @param occurredAt when it occurred
 * @param data what the change brought, or null
 */
record EventRow(
        String taskId,
        long seq,
        long runSeq,
        String event,
        Instant occurredAt,
        @Nullable String data) {}
