package dev.runledger.sink;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what an event says in the fields that ECS itself has for events. See <a
 * href="https://www.elastic.co/docs/reference/ecs/ecs-event">ECS, event fields</a>.
 */
final class EcsEventFields {
    private static final long NANOS_A_MILLI = 1_000_000;

    private EcsEventFields() {}

    static void forEach(LedgerEvent event, BiConsumer<String, Object> line) {
        line.accept("event.action", event.type().eventName());
        line.accept("event.id", event.eventId());
        String outcome = outcome(event);
        if (outcome != null) {
            line.accept("event.outcome", outcome);
        }
        event.number(EventField.DURATION_MS).ifPresent(millis -> line.accept("event.duration", millis * NANOS_A_MILLI));
        event.number(EventField.SEQ).ifPresent(seq -> line.accept("event.sequence", seq));
        event.text(EventField.REASON).ifPresent(reason -> line.accept("event.reason", reason));
    }

    /** Returns one of the three words of ECS, or null where nothing has ended. */
    private static @Nullable String outcome(LedgerEvent event) {
        EventType type = event.type();
        if (type == WorkflowRunEvent.COMPLETED) {
            return switch (event.text(EventField.OUTCOME).orElse("")) {
                case "succeeded" -> "success";
                case "failed" -> "failure";
                default -> "unknown";
            };
        }
        if (type == WorkflowRunEvent.SUCCEEDED || type == TaskRunEvent.SUCCEEDED) {
            return "success";
        }
        if (type == WorkflowRunEvent.FAILED || type == WorkflowRunEvent.ENQUEUE_FAILED || type == TaskRunEvent.FAILED) {
            return "failure";
        }
        return type == WorkflowRunEvent.INCOMPLETE || type == WorkflowRunEvent.CANCELLED ? "unknown" : null;
    }
}
