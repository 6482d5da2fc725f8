package dev.runledger.benchmarks;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.run.RunId;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;

/** What one event after the other says: sixteen fields, of which the run, its version and the delivery are never those of the event before. */
final class Sample {
    static final String TARGET = "acme/app#42";
    static final String PROJECT = "acme/app";
    static final String TRIGGER = "issue_comment.created";
    static final String QUEUE = "webhooks";
    static final long DURATION_MS = 1500;
    static final long QUEUE_WAIT_MS = 20;

    private static final int IDS = 4096;

    private final RunId[] runIds = new RunId[IDS];
    private final String[] deliveryIds = new String[IDS];
    private long seq;

    Sample() {
        Random random = new Random(1);
        for (int i = 0; i < IDS; i++) {
            runIds[i] = RunId.of(new UUID(random.nextLong(), random.nextLong()).toString());
            deliveryIds[i] = new UUID(random.nextLong(), random.nextLong()).toString();
        }
    }

    /** Goes on to the next event. */
    Sample next() {
        seq++;
        return this;
    }

    RunId runId() {
        return runIds[(int) seq & (IDS - 1)];
    }

    String deliveryId() {
        return deliveryIds[(int) seq & (IDS - 1)];
    }

    long seq() {
        return seq;
    }

    /** Returns the fields as a call site hands them to the helper. */
    EventFields fields() {
        return EventFields.of()
                .runId(runId())
                .put(EventField.SEQ, seq)
                .workflowName("review")
                .target(TARGET)
                .put(EventField.PROJECT, PROJECT)
                .put(EventField.CHANNEL, "live")
                .put(EventField.TRIGGER, TRIGGER)
                .deliveryId(deliveryId())
                .put(EventField.TASK_QUEUE, QUEUE)
                .duration(Duration.ofMillis(DURATION_MS))
                .queueWait(Duration.ofMillis(QUEUE_WAIT_MS))
                .suspended(Duration.ZERO);
    }
}
