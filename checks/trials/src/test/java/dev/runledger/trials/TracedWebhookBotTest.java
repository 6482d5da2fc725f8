package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.faults.HostProcess;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.WorkflowRun;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The webhook bot as a tracing backend sees it: the bytes that an OTLP receiver got are what the store's history says. */
class TracedWebhookBotTest {
    private static final Path JAR = Path.of("..", "..", "examples", "webhook-bot", "target", "webhook-bot.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The outcome of the span that an event ends. */
    private static final Map<EventType, String> ENDS = Map.of(
            WorkflowRunEvent.SUSPENDED, "suspended",
            WorkflowRunEvent.SUCCEEDED, "succeeded",
            WorkflowRunEvent.INCOMPLETE, "incomplete",
            WorkflowRunEvent.FAILED, "failed",
            WorkflowRunEvent.ENQUEUE_FAILED, "failed",
            WorkflowRunEvent.CANCELLED, "cancelled");

    @TempDir
    private Path folder;

    @Test
    void whatTheReceiverGotIsWhatTheStoreSays() throws Exception {
        Path file = folder.resolve("runs.db");
        Path deliveries = new Deliveries(JAR).write(folder.resolve("deliveries.jsonl"), "traced", 12);
        try (OtlpReceiver receiver = new OtlpReceiver();
                HostProcess bot = HostProcess.start(
                        JAR,
                        "--db",
                        file.toString(),
                        "--deliveries",
                        deliveries.toString(),
                        "--otlp",
                        receiver.address())) {
            assertThat(bot.awaitExit(PATIENCE)).as(bot::errors).isZero();
            try (JdbiRunStore store = JdbiRunStore.sqlite(file)) {
                Truth truth = Truth.of(store.history());
                everyEventIsOneRecord(receiver.records(), truth);
                everySegmentIsOneSpan(receiver.spans(), truth);
                oneTraceGoesFromTheDeliveryToTheWorker(receiver.spans(), truth);
                System.out.printf(
                        "webhook bot and OTLP: %d runs, %d log events and %d spans agree%n",
                        truth.runs().size(),
                        receiver.records().size(),
                        receiver.spans().size());
            }
        }
    }

    private static void everyEventIsOneRecord(List<LogRecord> records, Truth truth) {
        Map<String, String> emitted = new TreeMap<>();
        truth.events()
                .forEach(event -> emitted.put(event.eventId(), event.type().eventName()));
        truth.refusals()
                .forEach(event -> emitted.put(event.eventId(), event.type().eventName()));
        truth.runs().stream()
                .filter(run -> run.state().isTerminal())
                .forEach(run -> emitted.put(run.eventId() + ":completed", WorkflowRunEvent.COMPLETED.eventName()));
        Map<String, String> got = new TreeMap<>();
        for (LogRecord each : records) {
            String id = OtlpReceiver.text(each.getAttributesList(), "log.record.uid");
            assertThat(got.put(id, each.getEventName())).as("twice: %s", id).isNull();
            assertThat(each.getTimeUnixNano()).isPositive();
            assertThat(each.getTraceId().isEmpty())
                    .as("without a trace: %s", id)
                    .isFalse();
        }
        assertThat(got).isEqualTo(emitted).hasSizeGreaterThan(1_000);
    }

    private static void everySegmentIsOneSpan(List<Span> spans, Truth truth) {
        Map<String, Long> ended = counted(
                truth.events(),
                event -> ENDS.containsKey(event.type()) ? runId(event) + " " + ENDS.get(event.type()) : "");
        Map<String, Long> seen = counted(spans, span -> {
            String outcome = OtlpReceiver.text(span.getAttributesList(), "ledger.outcome");
            boolean counts = span.getName().equals("workflow.run") && !outcome.equals("handed_off");
            return counts ? runId(span) + " " + outcome : "";
        });
        assertThat(seen).isEqualTo(ended);
        Map<String, Long> attempts = counted(
                truth.events(),
                event -> event.type() == TaskRunEvent.SUCCEEDED || event.type() == TaskRunEvent.FAILED
                        ? runId(event) + " " + event.fields().get("taskId")
                        : "");
        Map<String, Long> ofTasks = counted(spans, span -> {
            String task = OtlpReceiver.text(span.getAttributesList(), "ledger.task_id");
            return task.isEmpty() ? "" : runId(span) + " " + task;
        });
        assertThat(ofTasks).isEqualTo(attempts).isNotEmpty();
    }

    private static void oneTraceGoesFromTheDeliveryToTheWorker(List<Span> spans, Truth truth) {
        Map<String, Span> doors = spans.stream()
                .filter(span -> span.getName().equals("webhook.delivery"))
                .collect(Collectors.toMap(
                        span -> OtlpReceiver.text(span.getAttributesList(), "webhook.delivery.id"),
                        Function.identity(),
                        (first, again) -> first)); // a delivery that came twice made a run the first time
        Map<String, List<Span>> ofRuns = spans.stream()
                .filter(span -> span.getName().equals("workflow.run"))
                .collect(Collectors.groupingBy(TracedWebhookBotTest::runId));
        List<String> parents = new ArrayList<>();
        for (WorkflowRun run : truth.runs()) {
            String delivery = run.request().deliveryId().orElseThrow();
            Span door = Objects.requireNonNull(doors.get(delivery));
            boolean dispatched = run.request().parentRunId().isEmpty();
            for (Span span : ofRuns.getOrDefault(run.id().value(), List.of())) {
                if (dispatched) {
                    assertThat(span.getTraceId()).as(run::toString).isEqualTo(door.getTraceId());
                    assertThat(span.getParentSpanId()).as(run::toString).isEqualTo(door.getSpanId());
                } else if (links(span).contains("parent_run")) {
                    parents.add(run.id().value());
                }
            }
        }
        assertThat(parents).as("children that are linked to their parents").hasSizeGreaterThan(10);
        assertThat(spans.stream().flatMap(span -> links(span).stream()).collect(Collectors.toSet()))
                .contains("parent_run", "segment_before", "resume");
    }

    private static Set<String> links(Span span) {
        return span.getLinksList().stream()
                .map(link -> OtlpReceiver.text(link.getAttributesList(), "ledger.link"))
                .collect(Collectors.toSet());
    }

    private static String runId(Span span) {
        return OtlpReceiver.text(span.getAttributesList(), "ledger.run_id");
    }

    private static String runId(LedgerEvent event) {
        return String.valueOf(event.fields().get("runId"));
    }

    /** Counts how often each key comes; an empty key does not count. */
    private static <T> Map<String, Long> counted(List<T> all, Function<T, String> key) {
        return all.stream()
                .map(key)
                .filter(each -> !each.isEmpty())
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }
}
