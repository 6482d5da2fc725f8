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

/** What an event says of an error, in OpenTelemetry's words. */
final class Errors {
    private static final String UNKNOWN = "_OTHER";

    /** A host that tells its own events may say anything there. */
    private static final Set<String> KNOWN = Stream.of(Failure.Category.values())
            .filter(category -> category != Failure.Category.UNKNOWN)
            .map(Failure.Category::code)
            .collect(Collectors.toUnmodifiableSet());

    private Errors() {}

    /** The {@code error.type} of an event that tells a failure, or null for any other. */
    static @Nullable String typeOf(LedgerEvent event) {
        if (!isFailure(event)) {
            return null;
        }
        return event.get(EventField.ERROR_CLASS) instanceof String error ? error : categoryOf(event);
    }

    /** The category of the failure as an {@code error.type}: one of few, fit for a metric. */
    static String categoryOf(LedgerEvent event) {
        return event.get(EventField.ERROR_CATEGORY) instanceof String category && KNOWN.contains(category)
                ? category
                : UNKNOWN;
    }

    static boolean isFailure(LedgerEvent event) {
        return event.type() == WorkflowRunEvent.FAILED
                || event.type() == WorkflowRunEvent.ENQUEUE_FAILED
                || event.type() == TaskRunEvent.FAILED;
    }

    /** Marks the span as failed where the event tells a failure. The error itself is on the log event. */
    static void onSpan(LedgerEvent event, Span span) {
        String type = typeOf(event);
        if (type != null) {
            span.setAttribute(Attribute.ERROR_TYPE.key(), type);
            span.setStatus(StatusCode.ERROR, event.text(EventField.REASON).orElse(type));
        }
    }
}
