package dev.runledger.otel;

import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Wait;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;

/** An application that is run on another version of OpenTelemetry than this module is built on, and returns what became of it. */
public final class OldestApiHost implements Callable<List<String>> {
    private final List<String> answer = new ArrayList<>();

    /** Called by reflection, in another class loader. */
    public OldestApiHost() {}

    @Override
    public List<String> call() throws Exception {
        OpenTelemetrySdk sdk = sdk();
        live(sdk);
        sdk.close();
        answer.add("closed");
        live(sdk);
        answer.add("noop");
        live(OpenTelemetry.noop());
        return answer;
    }

    /** Lives a run with everything that has a span. */
    private void live(OpenTelemetry api) throws Exception {
        MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
        Process host =
                new Process(OtelPlugin.builder(api).cicdNames(true).build(), RunStore.inMemory(clock, 100), clock);
        RunId id = host.ledger
                .dispatch(NewRun.of("review").id(RunId.of("run-1")))
                .orElseThrow()
                .id();
        host.ledger.execute(id, "w", scope -> RunOutcome.suspended(Wait.of(Wait.Code.APPROVAL)));
        host.ledger.resume(id, Resumption.of("approved", "jane"));
        host.ledger.execute(id, "w", scope -> {
            scope.task(NewTask.of("think", NewTask.Kind.AGENT), task -> task.prepare(ready -> "prompt"));
            return RunOutcome.failed(Failure.of(new IllegalStateException("broken")));
        });
        host.ledger.await(id, Duration.ofSeconds(1));
        answer.add("failures " + host.events.counters().sink("OtelSink").failed());
        answer.add("surrounding failures " + host.events.counters().surroundingFailures());
    }

    private OpenTelemetrySdk sdk() {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(new Spans()))
                        .build())
                .setLoggerProvider(SdkLoggerProvider.builder()
                        .addLogRecordProcessor(SimpleLogRecordProcessor.create(new Records()))
                        .build())
                .build();
    }

    private final class Spans implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            spans.forEach(span -> answer.add("span " + span.getName()));
            return CompletableResultCode.ofSuccess();
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

    private final class Records implements LogRecordExporter {
        @Override
        public CompletableResultCode export(Collection<LogRecordData> records) {
            records.forEach(each -> answer.add("record "
                    + each.getAttributes().get(Attribute.EVENT_NAME.key()) + " "
                    + each.getAttributes().get(Attribute.UID.key())));
            return CompletableResultCode.ofSuccess();
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
}
