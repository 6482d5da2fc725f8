package dev.runledger.benchmarks;

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** OpenTelemetry's SDK with batch processors, as applications have it, whose exporters send nothing; and what they were last given. */
final class Collected {
    private volatile List<SpanData> spans = List.of();
    private volatile List<LogRecordData> records = List.of();
    private volatile boolean keeping;

    final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(BatchSpanProcessor.builder(new Spans()).build())
                    .build())
            .setLoggerProvider(SdkLoggerProvider.builder()
                    .addLogRecordProcessor(
                            BatchLogRecordProcessor.builder(new Records()).build())
                    .build())
            .build();

    /** Returns what the exporters were given for one call, as texts by which two ways can be compared. */
    List<String> of(Call call) throws Exception {
        flush();
        spans = List.of();
        records = List.of();
        keeping = true;
        call.run();
        flush();
        keeping = false;
        List<String> given = new ArrayList<>();
        spans.forEach(span -> given.add(span.getName() + span.getKind() + span.getAttributes()));
        records.forEach(each -> given.add(each.getEventName()
                + each.getSeverity()
                + each.getSeverityText()
                + each.getBodyValue()
                + each.getAttributes()));
        return given;
    }

    /** What makes spans and log events. */
    @FunctionalInterface
    interface Call {
        void run() throws Exception;
    }

    private void flush() {
        sdk.getSdkTracerProvider().forceFlush().join(10, TimeUnit.SECONDS);
        sdk.getSdkLoggerProvider().forceFlush().join(10, TimeUnit.SECONDS);
    }

    private final class Spans implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> batch) {
            if (keeping) {
                spans = List.copyOf(batch);
            }
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
        public CompletableResultCode export(Collection<LogRecordData> batch) {
            if (keeping) {
                records = List.copyOf(batch);
            }
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
