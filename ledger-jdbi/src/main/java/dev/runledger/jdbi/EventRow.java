package dev.runledger.jdbi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored event of a run or of one of its tasks.
 *
 * @param subject the run's id, or the task's
 * @param seq the subject's version
 * @param runSeq the version that the run had, for a task's event
 * @param event its name
 * @param occurredAt when
 * @param data what is particular to it, or null
 */
record EventRow(
        String subject,
        long seq,
        long runSeq,
        String event,
        Instant occurredAt,
        @Nullable String data) {}
