package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** What OpenTelemetry's in-memory exporters hold. Needs opentelemetry-sdk-testing; the host flushes its SDK where it batches. */
public final class TelemetryWitness implements Witness {
    /** The attribute in which a log record has the event's id. */
    private static final AttributeKey<String> RECORD_ID = AttributeKey.stringKey("log.record.uid");

    private final String name;
    private final Function<LedgerEvent, Optional<String>> keys;
    private final Supplier<List<Sighting>> seen;
    private final Supplier<List<String>> texts;

    private TelemetryWitness(
            String name,
            Function<LedgerEvent, Optional<String>> keys,
            Supplier<List<Sighting>> seen,
            Supplier<List<String>> texts) {
        this.name = name;
        this.keys = keys;
        this.seen = seen;
        this.texts = texts;
    }

    /** The log records: one an event, found by its id in {@code log.record.uid}. */
    public static TelemetryWitness logs(InMemoryLogRecordExporter exporter) {
        return new TelemetryWitness(
                "log records",
                event -> Optional.of(event.eventId()),
                () -> exporter.getFinishedLogRecordItems().stream()
                        .filter(each -> each.getAttributes().get(RECORD_ID) != null)
                        .map(each -> new Sighting(
                                String.valueOf(each.getAttributes().get(RECORD_ID)), values(each.getAttributes())))
                        .toList(),
                () -> exporter.getFinishedLogRecordItems().stream()
                        .map(String::valueOf)
                        .toList());
    }

    /**
     * The {@code workflow.run} spans: one a segment of execution, counted by the run's id in an attribute whose name ends in {@code
     * run.id} or {@code runId}. A segment ends with a suspension, a hand-off or the end; an end that cut off a wait, or that came
     * after a hand-off, ends none.
     */
    public static TelemetryWitness spans(InMemorySpanExporter exporter) {
        return new TelemetryWitness(
                "spans",
                TelemetryWitness::segment,
                () -> exporter.getFinishedSpanItems().stream()
                        .filter(span -> span.getName().equals("workflow.run"))
                        .flatMap(span -> runId(span).stream())
                        .map(runId -> new Sighting(spanOf(runId), Map.of()))
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

    /** Of an exporter that tests share, what belongs to these events and runs. */
    @Override
    public List<Sighting> sightings(List<LedgerEvent> told) {
        Set<String> ours = new HashSet<>();
        told.forEach(event -> {
            ours.add(event.eventId());
            event.text(EventField.RUN_ID).ifPresent(id -> {
                ours.add(id);
                ours.add(spanOf(id));
            });
        });
        return seen.get().stream()
                .filter(each -> ours.contains(each.key()) || ours.contains(runOf(each.key())))
                .toList();
    }

    @Override
    public List<String> texts(List<LedgerEvent> told) {
        return texts.get();
    }

    private static Optional<String> segment(LedgerEvent event) {
        EventType type = event.type();
        boolean end = type.isTerminal() && type != WorkflowRunEvent.COMPLETED;
        boolean ofNone = event.get(EventField.WAIT_MS) != null
                || (end && event.run() != null && event.run().handedOff());
        boolean ends = end || type == WorkflowRunEvent.SUSPENDED || type == WorkflowRunEvent.HANDED_OFF;
        return ends && !ofNone ? event.text(EventField.RUN_ID).map(TelemetryWitness::spanOf) : Optional.empty();
    }

    private static String spanOf(String runId) {
        return "span workflow.run of " + runId;
    }

    /** The run that an event's id begins with. */
    private static String runOf(String eventId) {
        int colon = eventId.indexOf(':');
        return colon < 0 ? eventId : eventId.substring(0, colon);
    }

    private static Optional<String> runId(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .filter(entry -> isRunId(entry.getKey().getKey()))
                .map(entry -> entry.getValue().toString())
                .findFirst();
    }

    /** Not the parent's and not the child's. */
    private static boolean isRunId(String attribute) {
        String plain = attribute.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return plain.endsWith("runid") && !plain.contains("parent") && !plain.contains("child");
    }

    private static Map<String, Object> values(Attributes attributes) {
        Map<String, Object> values = new HashMap<>();
        attributes.forEach((key, value) -> values.put(key.getKey(), value));
        return values;
    }
}
