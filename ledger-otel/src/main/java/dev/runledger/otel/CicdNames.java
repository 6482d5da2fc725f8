package dev.runledger.otel;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.WorkflowRun;
import io.opentelemetry.api.trace.Span;
import org.jspecify.annotations.Nullable;

/**
 * Adds OpenTelemetry's names for pipelines to ours, from its conventions 1.44.0, where {@code cicd.pipeline} is a release candidate.
 * They describe CI/CD systems; for other workflows they are an alignment. Thread-safe.
 */
final class CicdNames {
    /** Puts the names on the span of a run. */
    void onRun(Span span, LedgerEvent event) {
        String workflow = event.text(EventField.WORKFLOW_NAME).orElse("none");
        span.updateName("RUN " + workflow);
        span.setAttribute(Attribute.CICD_NAME.key(), workflow);
        put(span, Attribute.CICD_RUN_ID, event, EventField.RUN_ID);
        event.run()
                .flatMap(WorkflowRun::owner)
                .ifPresent(worker -> span.setAttribute(Attribute.CICD_WORKER.key(), worker));
        String result = event.type() instanceof WorkflowRunEvent type ? result(type, event) : null;
        if (result != null) {
            span.setAttribute(Attribute.CICD_RESULT.key(), result);
        }
    }

    /** Puts the names on the span of a task. */
    void onTask(Span span, LedgerEvent event) {
        put(span, Attribute.CICD_NAME, event, EventField.WORKFLOW_NAME);
        put(span, Attribute.CICD_RUN_ID, event, EventField.RUN_ID);
        put(span, Attribute.CICD_TASK_NAME, event, EventField.TASK_NAME);
        put(span, Attribute.CICD_TASK_ID, event, EventField.TASK_ID);
        boolean timedOut =
                event.get(EventField.TIMED_OUT).filter(Boolean.TRUE::equals).isPresent();
        String result = event.type() == TaskRunEvent.SUCCEEDED ? "success" : timedOut ? "timeout" : "failure";
        span.setAttribute(Attribute.CICD_TASK_RESULT.key(), result);
    }

    private static void put(Span span, Attribute attribute, LedgerEvent event, EventField field) {
        event.text(field).ifPresent(text -> span.setAttribute(attribute.key(), text));
    }

    /** Returns the result of what ended a run or a segment, or null for an event that ends none. */
    static @Nullable String result(WorkflowRunEvent type, LedgerEvent event) {
        return switch (type) {
            case SUCCEEDED -> "success";
            case INCOMPLETE -> "incomplete";
            case CANCELLED -> "cancellation";
            case SUSPENDED -> "suspended";
            case REQUEUED -> "requeued";
            case HANDED_OFF -> "handed_off";
            case ENQUEUE_FAILED -> "error";
            case FAILED -> failure(event);
            case QUEUED, RUNNING, OVERDUE, RESUMED, DISPATCH_REFUSED, COMPLETED, AWAITED -> null;
        };
    }

    /** Returns the result of a failure: {@code error} is a fault of the system, {@code failure} one of the work. */
    private static String failure(LedgerEvent event) {
        String category = event.text(EventField.ERROR_CATEGORY).orElse("");
        if ("worker_lost".equals(category)) {
            return "error";
        }
        return "timeout".equals(category) ? "timeout" : "failure";
    }
}
