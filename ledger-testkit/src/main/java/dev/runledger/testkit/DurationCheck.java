package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Works out every duration on the events of a run again, from when the events happened. */
final class DurationCheck {
    /** What is wrong with the event at this place. */
    record Wrong(int index, String what) {}

    private final long tolerance;
    private final Map<String, Instant> attempts = new HashMap<>();
    private @Nullable Instant dispatched;
    private @Nullable Instant queued;
    private @Nullable Instant started;
    private @Nullable Duration queueWait;
    private @Nullable Instant suspended;
    private @Nullable Instant latest;
    private @Nullable Long ended;
    private Duration waits = Duration.ZERO;

    private DurationCheck(long tolerance) {
        this.tolerance = tolerance;
    }

    /** Returns the first event with a duration that does not fit the times of the events, or empty. */
    static Optional<Wrong> first(History history, long toleranceMs) {
        DurationCheck check = new DurationCheck(toleranceMs);
        for (int i = 0; i < history.events().size(); i++) {
            LedgerEvent event = history.events().get(i).event();
            String wrong = event.type() instanceof TaskRunEvent type
                    ? check.ofTask(type, event)
                    : check.ofRun((WorkflowRunEvent) event.type(), event);
            if (wrong != null) {
                return Optional.of(new Wrong(i, wrong));
            }
        }
        return Optional.empty();
    }

    private @Nullable String ofRun(WorkflowRunEvent type, LedgerEvent event) {
        if (RecordedEvent.isAside(event)) { // whoever looks at a run may have a clock of its own
            return null;
        }
        Instant at = event.occurredAt();
        if (latest != null && at.isBefore(latest)) {
            return "has %s at %s, earlier than the event before it".formatted(type.eventName(), at);
        }
        latest = at;
        return switch (type) {
            case QUEUED -> {
                queued = at;
                dispatched = at;
                yield null;
            }
            case REQUEUED -> {
                queued = at;
                yield unless(event, EventField.DURATION_MS, between(begun(), at));
            }
            case RUNNING -> {
                started = started == null ? at : started;
                queueWait = between(queued, at);
                yield unless(event, EventField.QUEUE_WAIT_MS, queueWait);
            }
            case SUSPENDED -> {
                suspended = at;
                yield null;
            }
            case RESUMED -> {
                Duration wait = waited(at);
                yield unless(event, EventField.SUSPENDED_MS, wait);
            }
            case HANDED_OFF -> unless(event, EventField.DURATION_MS, between(begun(), at));
            case SUCCEEDED, INCOMPLETE, FAILED, CANCELLED, ENQUEUE_FAILED -> ofEnd(event, at);
            case COMPLETED -> unless(event, EventField.DURATION_MS, ended == null ? null : Duration.ofMillis(ended));
            case DISPATCH_REFUSED, AWAITED, OVERDUE -> null;
        };
    }

    private @Nullable String ofEnd(LedgerEvent event, Instant at) {
        Duration wait = waited(at);
        ended = event.number(EventField.DURATION_MS).orElse(null);
        String wrong = unless(event, EventField.DURATION_MS, between(begun(), at));
        wrong = wrong != null ? wrong : unless(event, EventField.QUEUE_WAIT_MS, queueWait);
        wrong = wrong != null ? wrong : unless(event, EventField.SUSPENDED_MS, queued == null ? null : waits);
        return wrong != null ? wrong : unless(event, EventField.WAIT_MS, wait);
    }

    private @Nullable String ofTask(TaskRunEvent type, LedgerEvent event) {
        String task = event.text(EventField.TASK_ID).orElse("");
        return switch (type) {
            case STARTED, RETRYING -> {
                attempts.put(task, event.occurredAt());
                yield null;
            }
            case SUCCEEDED, FAILED ->
                unless(event, EventField.DURATION_MS, between(attempts.get(task), event.occurredAt()));
            case SKIPPED, PROGRESS -> null;
        };
    }

    private @Nullable Duration waited(Instant at) {
        Duration wait = between(suspended, at);
        waits = wait == null ? waits : waits.plus(wait);
        suspended = null;
        return wait;
    }

    private @Nullable Instant begun() {
        return started != null ? started : dispatched;
    }

    private static @Nullable Duration between(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null ? null : Duration.between(from, to);
    }

    private @Nullable String unless(LedgerEvent event, EventField field, @Nullable Duration expected) {
        Long says = event.number(field).orElse(null);
        if (says == null || expected == null || Math.abs(says - expected.toMillis()) <= tolerance) {
            return null;
        }
        return "says %s=%s, but the times of its events say %s".formatted(field.fieldName(), says, expected.toMillis());
    }
}
