package dev.runledger.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.runledger.Ledger;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.sink.EventSink;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever an application does to OpenTelemetry, and whatever its exporters do, no run is hurt. */
class HostFaultsTest {
    private static final int RUNS = 1_000;

    private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    @Test
    void anSdkThatWasShutDownReceivesNothing() {
        Telemetry telemetry = new Telemetry();
        Process host = host(OtelPlugin.builder(telemetry.sdk).cicdNames(true).build());
        telemetry.close();
        for (int i = 0; i < RUNS; i++) {
            live(host);
        }
        assertNothingFailed(host);
    }

    @Test
    void anSdkMayBeShutDownInTheMiddleOfARun() {
        Telemetry telemetry = new Telemetry();
        Process host = host(OtelPlugin.of(telemetry.sdk));
        RunId id = host.ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        host.ledger.execute(id, "w", scope -> {
            telemetry.close();
            return scope.task("step", task -> RunOutcome.succeeded());
        });
        assertNothingFailed(host);
    }

    @Test
    void anApiWithNothingBehindItReceivesNothing() {
        Process host =
                host(OtelPlugin.builder(OpenTelemetry.noop()).cicdNames(true).build());
        live(host);
        assertNothingFailed(host);
    }

    @Test
    void whatTheApplicationMadeStaysOpen() {
        try (Telemetry telemetry = new Telemetry()) {
            Process host = host(OtelPlugin.of(telemetry.sdk));
            host.events.close();
            telemetry.inside("afterwards", () -> {});
            assertThat(telemetry.spans("afterwards")).hasSize(1);
            assertThat(telemetry.sdk.getSdkTracerProvider().forceFlush().isSuccess())
                    .isTrue();
        }
    }

    @Test
    void aStuckExporterDelaysNobody() {
        CountDownLatch released = new CountDownLatch(1);
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(BatchSpanProcessor.builder(new StuckSpans(released))
                                .setMaxQueueSize(64)
                                .setMaxExportBatchSize(16)
                                .build())
                        .build())
                .setLoggerProvider(SdkLoggerProvider.builder()
                        .addLogRecordProcessor(BatchLogRecordProcessor.builder(new StuckRecords(released))
                                .setMaxQueueSize(64)
                                .setMaxExportBatchSize(16)
                                .build())
                        .build())
                .build();
        Process host = host(OtelPlugin.of(sdk));
        try {
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
                for (int i = 0; i < RUNS; i++) {
                    live(host);
                }
            });
            assertNothingFailed(host);
            assertThat(released.getCount()).isEqualTo(1); // and all that while nothing was exported
        } finally {
            released.countDown();
            sdk.close();
        }
    }

    @Test
    void aPropagatorThatThrowsFailsNoDispatchAndNoExecution() {
        try (Telemetry telemetry = new Telemetry()) {
            Process host = host(
                    OtelPlugin.builder(telemetry.sdk).propagator(new Broken()).build());
            RunId id = host.ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            host.ledger.execute(id, "w", scope -> RunOutcome.succeeded()).orElseThrow();
            assertThat(host.events.counters().surroundingFailures()).isPositive();
        }
    }

    @Test
    void theSinkAloneHasOneSpanARunAndATask() {
        try (Telemetry telemetry = new Telemetry()) {
            EventSink sink = Parts.of(OtelPlugin.of(telemetry.sdk)).sink();
            try (Ledger ledger = Ledger.builder().sink(sink).build()) {
                RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
                ledger.execute(id, "w", scope -> scope.task("step", task -> RunOutcome.succeeded()));
            }
            assertThat(telemetry.spans()).extracting(SpanData::getName).containsExactly("task.execute", "workflow.run");
        }
    }

    @Test
    void behindAQueueItsSpansAreLostAndMadeAgainAndTheRecordsKeepTheirTraces() {
        try (Telemetry telemetry = new Telemetry()) {
            OtelPlugin otel = OtelPlugin.of(telemetry.sdk);
            Parts parts = Parts.of(otel);
            CountDownLatch over = new CountDownLatch(1);
            try (Ledger ledger = Ledger.builder()
                    .sink(EventSink.queued(new Late(parts.sink(), over), 64))
                    .carrier(parts.carrier())
                    .interceptor(parts.interceptor())
                    .build()) {
                RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
                ledger.execute(id, "w", scope -> scope.task("step", task -> RunOutcome.succeeded()));
                over.countDown();
            }
            assertThat(telemetry.spans())
                    .extracting(each ->
                            each.getName() + " " + each.getAttributes().get(AttributeKey.stringKey("ledger.outcome")))
                    .containsExactly(
                            "task.execute lost",
                            "workflow.run lost",
                            "task.execute succeeded",
                            "workflow.run succeeded");
            assertThat(telemetry
                            .record("workflow.task.succeeded")
                            .getSpanContext()
                            .getTraceId())
                    .isEqualTo(telemetry.spans("workflow.run").get(0).getTraceId());
            assertThat(otel.openSpans()).isZero();
        }
    }

    /** Passes events on when the handler is over, as a queue may do. */
    private record Late(EventSink sink, CountDownLatch over) implements EventSink {
        @Override
        public boolean wants(EventType type) {
            return sink.wants(type);
        }

        @Override
        public void accept(LedgerEvent event) throws Exception {
            over.await();
            sink.accept(event);
        }
    }

    @Test
    void withoutLogEventsItAsksForWhatEndsASpanAlone() {
        EventSink spansAlone = Parts.of(OtelPlugin.builder(OpenTelemetry.noop())
                        .logEvents(false)
                        .build())
                .sink();
        assertThat(EventType.all())
                .filteredOn(spansAlone::wants)
                .containsExactly(
                        WorkflowRunEvent.SUSPENDED,
                        WorkflowRunEvent.REQUEUED,
                        WorkflowRunEvent.HANDED_OFF,
                        WorkflowRunEvent.SUCCEEDED,
                        WorkflowRunEvent.INCOMPLETE,
                        WorkflowRunEvent.FAILED,
                        WorkflowRunEvent.CANCELLED,
                        WorkflowRunEvent.ENQUEUE_FAILED,
                        WorkflowRunEvent.AWAITED,
                        TaskRunEvent.SUCCEEDED,
                        TaskRunEvent.FAILED);
        EventSink measuring = Parts.of(OtelPlugin.builder(OpenTelemetry.noop())
                        .logEvents(false)
                        .cicdNames(true)
                        .build())
                .sink();
        assertThat(EventType.all())
                .filteredOn(type -> measuring.wants(type) && !spansAlone.wants(type))
                .containsExactly(WorkflowRunEvent.RUNNING, WorkflowRunEvent.RESUMED);
    }

    private Process host(OtelPlugin otel) {
        return new Process(otel, RunStore.inMemory(clock, 100), clock);
    }

    private static void live(Process host) {
        RunId id = host.ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        host.ledger.execute(
                id, "w", scope -> scope.task(NewTask.of("test", NewTask.Kind.TOOL), task -> RunOutcome.succeeded()));
        host.events.log(
                WorkflowRunEvent.CANCELLED, EventFields.of().runId("r-1").workflowName("review"));
    }

    private static void assertNothingFailed(Process host) {
        EventSink.Statistics counts = host.events.counters().sink("OtelSink");
        assertThat(counts.failed()).isZero();
        assertThat(counts.delivered()).isPositive();
        assertThat(host.events.counters().surroundingFailures()).isZero();
        assertThat(host.otel.openSpans()).isZero();
    }

    private static CompletableResultCode stuck(CountDownLatch released) {
        try {
            released.await();
        } catch (InterruptedException shutDown) {
            Thread.currentThread().interrupt();
        }
        return CompletableResultCode.ofSuccess();
    }

    private record StuckSpans(CountDownLatch released) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return stuck(released);
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private record StuckRecords(CountDownLatch released) implements LogRecordExporter {
        @Override
        public CompletableResultCode export(Collection<LogRecordData> records) {
            return stuck(released);
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static final class Broken implements TextMapPropagator {
        @Override
        public List<String> fields() {
            return List.of();
        }

        @Override
        public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
            throw new IllegalStateException("broken");
        }

        @Override
        public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
            throw new IllegalStateException("broken");
        }
    }
}
