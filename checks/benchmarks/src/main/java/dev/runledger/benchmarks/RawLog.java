package dev.runledger.benchmarks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;

/** The event by hand, through SLF4J's fluent API: what a user would write. */
final class RawLog {
    private RawLog() {}

    static void log(Logger logger, Sample sample) {
        String run = sample.runId().value();
        logger.atInfo()
                .setMessage("Workflow run succeeded")
                .addKeyValue("event", "workflow.run.succeeded")
                .addKeyValue("eventId", run + ":" + sample.seq())
                .addKeyValue("schemaVersion", 1)
                .addKeyValue(
                        "occurredAt",
                        Instant.now().truncatedTo(ChronoUnit.MICROS).toString())
                .addKeyValue("runId", run)
                .addKeyValue("seq", sample.seq())
                .addKeyValue("workflowName", "review")
                .addKeyValue("target", Sample.TARGET)
                .addKeyValue("project", Sample.PROJECT)
                .addKeyValue("channel", "live")
                .addKeyValue("trigger", Sample.TRIGGER)
                .addKeyValue("deliveryId", sample.deliveryId())
                .addKeyValue("taskQueue", Sample.QUEUE)
                .addKeyValue("durationMs", Sample.DURATION_MS)
                .addKeyValue("queueWaitMs", Sample.QUEUE_WAIT_MS)
                .addKeyValue("suspendedMs", 0L)
                .log();
    }
}
