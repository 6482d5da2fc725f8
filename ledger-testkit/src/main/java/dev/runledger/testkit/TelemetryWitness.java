package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the in-memory exporters of OpenTelemetry. Needs opentelemetry-sdk-testing. If the application's SDK batches, flush it first. */
public final class TelemetryWitness implements Witness {
    private static final String PREFIX = "ledger.";
    private static final AttributeKey<String> RECORD_ID = AttributeKey.stringKey("log.record.uid");
    private static final AttributeKey<String> RUN_ID = AttributeKey.stringKey(PREFIX + "run_id");
    private static final AttributeKey<String> TASK_ID = AttributeKey.stringKey(PREFIX + "task_id");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey(PREFIX + "outcome");
    private static final AttributeKey<String> RUN_EXTENT = AttributeKey.stringKey(PREFIX + "run_extent");

    private final String name;
    private final Function<LedgerEvent, Optional<String>> keys;
    private final Function<Set<String>, List<Sighting>> seenOfRuns;
    private final Supplier<List<String>> texts;

    private TelemetryWitness(
            String name,
            Function<LedgerEvent, Optional<String>> keys,
            Function<Set<String>, List<Sighting>> seenOfRuns,
            Supplier<List<String>> texts) {
        this.name = name;
        this.keys = keys;
        this.seenOfRuns = seenOfRuns;
        this.texts = texts;
    }

    /**
     * Returns a witness of the log records: one for each event, found by its id in {@code log.record.uid}, with its fields as attributes.
     */
    public static TelemetryWitness logs(InMemoryLogRecordExporter exporter) {
        return new TelemetryWitness(
                "log records",
                event -> Optional.of(event.eventId()),
                ours -> exporter.getFinishedLogRecordItems().stream()
                        .map(each -> each.getAttributes())
                        .filter(each -> each.get(RECORD_ID) != null)
                        .filter(each -> isOurs(each.get(RECORD_ID), each.get(RUN_ID), ours))
                        .map(each -> new Sighting(Objects.requireNonNull(each.get(RECORD_ID)), fields(each)))
                        .toList(),
                () -> exporter.getFinishedLogRecordItems().stream()
                        .map(String::valueOf)
                        .toList());
    }

    /**
     * Returns a witness of the spans of {@code OtelPlugin}: one for each end of a run and one for each attempt of a task, known by {@code
     * ledger.run_id}, {@code ledger.task_id} and {@code ledger.outcome}.
     *
     * <p>A segment that ended with a suspension or a hand-off has a span only if {@code execute} ran it, which no event says: it is held to
     * its count if there are any. Preparations, waits and segments that were lost to another process belong to no event.
     */
    public static TelemetryWitness spans(InMemorySpanExporter exporter) {
        return new TelemetryWitness(
                "spans",
                event -> spanOf(event)
                        .filter(key ->
                                isAlways(event.type()) || keysIn(exporter).contains(key)),
                ours -> exporter.getFinishedSpanItems().stream()
                        .filter(span -> isOurs(null, span.getAttributes().get(RUN_ID), ours))
                        .flatMap(span -> keyOf(span).stream())
                        .map(key -> new Sighting(key, Map.of()))
                        .toList(),
                () -> exporter.getFinishedSpanItems().stream()
                        .map(String::valueOf)
                        .toList());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> keyOf(LedgerEvent event) {
        return keys.apply(event);
    }

    /** Returns what belongs to these events and runs, since tests may share an exporter. */
    @Override
    public List<Sighting> sightings(List<LedgerEvent> emitted) {
        Set<String> ours = emitted.stream().map(LedgerEvent::eventId).collect(Collectors.toSet());
        emitted.forEach(event -> event.text(EventField.RUN_ID).ifPresent(ours::add));
        return seenOfRuns.apply(ours);
    }

    @Override
    public List<String> texts(List<LedgerEvent> emitted) {
        return texts.get();
    }

    private static boolean isOurs(@Nullable String eventId, @Nullable String runId, Set<String> ours) {
        return (eventId != null && ours.contains(eventId)) || (runId != null && ours.contains(runId));
    }

    private static boolean isAlways(EventType type) {
        return type.isTerminal() || type instanceof TaskRunEvent;
    }

    /** Returns the span that an event ends, if the application had opened one. The echo ends none. */
    private static Optional<String> spanOf(LedgerEvent event) {
        if (event.type() instanceof TaskRunEvent type) {
            return switch (type) {
                case SUCCEEDED -> task(event.text(EventField.TASK_ID), "succeeded");
                case FAILED -> task(event.text(EventField.TASK_ID), "failed");
                case STARTED, RETRYING, SKIPPED, PROGRESS -> Optional.empty();
            };
        }
        return switch ((WorkflowRunEvent) event.type()) {
            case SUCCEEDED -> run(event, "succeeded");
            case INCOMPLETE -> run(event, "incomplete");
            case FAILED, ENQUEUE_FAILED -> run(event, "failed");
            case CANCELLED -> run(event, "cancelled");
            case SUSPENDED -> run(event, "suspended");
            case REQUEUED -> run(event, "requeued");
            case HANDED_OFF -> run(event, "handed_off");
            case QUEUED, RUNNING, RESUMED, OVERDUE, DISPATCH_REFUSED, COMPLETED, AWAITED -> Optional.empty();
        };
    }

    private static Optional<String> run(LedgerEvent event, String outcome) {
        return event.text(EventField.RUN_ID).map(id -> "span of run %s, %s".formatted(id, outcome));
    }

    private static Optional<String> task(Optional<String> taskId, String outcome) {
        return taskId.map(id -> "span of task %s, %s".formatted(id, outcome));
    }

    private static Set<String> keysIn(InMemorySpanExporter exporter) {
        return exporter.getFinishedSpanItems().stream()
                .flatMap(span -> keyOf(span).stream())
                .collect(Collectors.toSet());
    }

    private static Optional<String> keyOf(SpanData span) {
        Attributes attributes = span.getAttributes();
        String outcome = attributes.get(OUTCOME);
        if (outcome == null || outcome.equals("lost")) {
            return Optional.empty();
        }
        return attributes.get(RUN_EXTENT) != null
                ? Optional.of("span of run %s, %s".formatted(attributes.get(RUN_ID), outcome))
                : task(Optional.ofNullable(attributes.get(TASK_ID)), outcome);
    }

    private static Map<String, Object> fields(Attributes attributes) {
        Map<String, Object> fields = new HashMap<>();
        attributes.forEach((key, value) -> fields.put(fieldName(key.getKey()), value));
        return fields;
    }

    private static String fieldName(String attribute) {
        return switch (attribute) {
            case "exception.type" -> EventField.ERROR_CLASS.fieldName();
            case "exception.message" -> EventField.ERROR_MESSAGE.fieldName();
            case "http.response.status_code" -> EventField.STATUS_CODE.fieldName();
            default ->
                attribute.startsWith(PREFIX) ? LineWitness.fieldName(attribute.substring(PREFIX.length())) : attribute;
        };
    }
}
