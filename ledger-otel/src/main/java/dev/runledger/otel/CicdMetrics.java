package dev.runledger.otel;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Records OpenTelemetry's metrics for pipelines from what events say. The first 200 names of workflows have series, the others share
 * {@code other}. An error is its category, never its class. Thread-safe.
 */
final class CicdMetrics {
    static final String DURATION = "cicd.pipeline.run.duration";
    static final String RUN_ERRORS = "cicd.pipeline.run.errors";
    static final String SYSTEM_ERRORS = "cicd.system.errors";

    private static final AttributeKey<String> CHANNEL =
            AttributeKey.stringKey(FieldKeys.attributeName(EventField.CHANNEL));
    private static final int MOST_NAMES = 200;

    private final DoubleHistogram duration;
    private final LongCounter runErrors;
    private final LongCounter systemErrors;
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    CicdMetrics(Meter meter) {
        this.duration = meter.histogramBuilder(DURATION)
                .setUnit("s")
                .setDescription("How long runs were in a state")
                .build();
        this.runErrors = meter.counterBuilder(RUN_ERRORS)
                .setUnit("{error}")
                .setDescription("Runs that failed")
                .build();
        this.systemErrors = meter.counterBuilder(SYSTEM_ERRORS)
                .setUnit("{error}")
                .setDescription("Runs that could not be handed to their queue")
                .build();
    }

    /** Returns whether events of this type say something that is measured. */
    static boolean isMeasured(WorkflowRunEvent type) {
        return switch (type) {
            case RUNNING, RESUMED, SUCCEEDED, INCOMPLETE, CANCELLED, FAILED, ENQUEUE_FAILED -> true;
            case QUEUED, SUSPENDED, OVERDUE, REQUEUED, HANDED_OFF, DISPATCH_REFUSED, COMPLETED, AWAITED -> false;
        };
    }

    /** Records what an event says. */
    void measure(WorkflowRunEvent type, LedgerEvent event) {
        switch (type) {
            case RUNNING -> record(event, EventField.QUEUE_WAIT_MS, "pending", null);
            case RESUMED -> record(event, EventField.SUSPENDED_MS, "suspended", null);
            case SUCCEEDED, INCOMPLETE, CANCELLED -> ended(type, event);
            case FAILED -> {
                ended(type, event);
                runErrors.add(1, failed(event));
            }
            case ENQUEUE_FAILED -> {
                ended(type, event);
                systemErrors.add(
                        1,
                        Attributes.of(
                                Attribute.CICD_COMPONENT.key(),
                                "scheduler",
                                CHANNEL,
                                channel(event),
                                Attribute.ERROR_TYPE.key(),
                                Errors.categoryOf(event)));
            }
            case QUEUED, SUSPENDED, OVERDUE, REQUEUED, HANDED_OFF, DISPATCH_REFUSED, COMPLETED, AWAITED -> {}
        }
    }

    /** Records the end of a run. One that never ran was pending to its end; one that ended while it waited was suspended to its end. */
    private void ended(WorkflowRunEvent type, LedgerEvent event) {
        String result = CicdNames.result(type, event);
        if (event.get(EventField.QUEUE_WAIT_MS).isEmpty()) {
            record(event, EventField.DURATION_MS, "pending", result);
            return;
        }
        record(event, EventField.WAIT_MS, "suspended", result);
        long whole = event.number(EventField.DURATION_MS).orElse(0L);
        long waited = event.number(EventField.SUSPENDED_MS).orElse(0L);
        record(event, Math.max(0, whole - waited), "executing", result);
    }

    private void record(LedgerEvent event, EventField millis, String state, @Nullable String result) {
        event.number(millis).ifPresent(taken -> record(event, taken, state, result));
    }

    private void record(LedgerEvent event, long millis, String state, @Nullable String result) {
        AttributesBuilder attributes =
                Attributes.builder().put(Attribute.CICD_NAME.key(), name(event)).put(Attribute.CICD_STATE.key(), state);
        attributes.put(CHANNEL, channel(event));
        if (result != null) {
            attributes.put(Attribute.CICD_RESULT.key(), result);
        }
        if (Errors.isFailure(event)) {
            attributes.put(Attribute.ERROR_TYPE.key(), Errors.categoryOf(event));
        }
        duration.record((double) millis / 1e3, attributes.build());
    }

    private Attributes failed(LedgerEvent event) {
        return Attributes.of(
                Attribute.CICD_NAME.key(),
                name(event),
                CHANNEL,
                channel(event),
                Attribute.ERROR_TYPE.key(),
                Errors.categoryOf(event));
    }

    /** Returns the channel, so that the runs of drafts can be left out of what is measured. */
    private static String channel(LedgerEvent event) {
        return event.text(EventField.CHANNEL).orElse(NewRun.Channel.LIVE.code());
    }

    private String name(LedgerEvent event) {
        String name = event.text(EventField.WORKFLOW_NAME).orElse("none");
        return names.contains(name) || added(name) ? name : "other";
    }

    private synchronized boolean added(String name) {
        return names.contains(name) || (names.size() < MOST_NAMES && names.add(name));
    }
}
