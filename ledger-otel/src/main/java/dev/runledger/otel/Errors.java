package dev.runledger.otel;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what an event knows of an error in OpenTelemetry's words. */
final class Errors {
    private static final String UNKNOWN = "_OTHER";

    /** An application that emits events itself may put anything there. */
    private static final Set<String> KNOWN = Stream.of(Failure.Category.values())
            .filter(category -> category != Failure.Category.UNKNOWN)
            .map(Failure.Category::code)
            .collect(Collectors.toUnmodifiableSet());

    private Errors() {}

    /** Returns the {@code error.type} of an event that reports a failure, or null for any other. */
    static @Nullable String typeOf(LedgerEvent event) {
        if (!isFailure(event)) {
            return null;
        }
        return event.text(EventField.ERROR_CLASS).orElseGet(() -> categoryOf(event));
    }

    /** Returns the category of the failure as an {@code error.type}: one of few, fit for a metric. */
    static String categoryOf(LedgerEvent event) {
        return event.text(EventField.ERROR_CATEGORY).filter(KNOWN::contains).orElse(UNKNOWN);
    }

    /** Returns whether the event reports a failure. */
    static boolean isFailure(LedgerEvent event) {
        return event.type() == WorkflowRunEvent.FAILED
                || event.type() == WorkflowRunEvent.ENQUEUE_FAILED
                || event.type() == TaskRunEvent.FAILED;
    }

    /** Marks the span as failed if the event reports a failure. The error itself is on the log event. */
    static void onSpan(LedgerEvent event, Span span) {
        String type = typeOf(event);
        if (type != null) {
            span.setAttribute(Attribute.ERROR_TYPE.key(), type);
            span.setStatus(StatusCode.ERROR, event.text(EventField.REASON).orElse(type));
        }
    }
}
