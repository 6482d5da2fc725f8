package dev.runledger.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventField;
import dev.runledger.sink.EventSink;
import dev.runledger.testkit.EventSinkContract;
import dev.runledger.testkit.TestedSink;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The sink in both of its settings, read back from the log records that batch processors exported; their exporters may hang. */
class OtelSinkContractTest {
    @Nested
    class OurNames extends Setting {
        OurNames() {
            super(builder -> builder);
        }
    }

    @Nested
    class PipelineNames extends Setting {
        PipelineNames() {
            super(builder -> builder.cicdNames(true));
        }
    }

    /** One setting, over an SDK as an application has it. */
    abstract static class Setting extends EventSinkContract {
        private static final int ROOM = 10_000;

        private static final Map<String, String> FIELDS = Stream.of(EventField.values())
                .collect(Collectors.toUnmodifiableMap(FieldKeys::attributeName, EventField::fieldName));

        private static final DateTimeFormatter MICROS =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT);

        private final UnaryOperator<OtelPlugin.Builder> setting;
        private @Nullable OpenTelemetrySdk sdk;

        Setting(UnaryOperator<OtelPlugin.Builder> setting) {
            this.setting = setting;
        }

        @Override
        protected TestedSink newSink() {
            closeSdk();
            Gate gate = new Gate();
            InMemoryLogRecordExporter records = InMemoryLogRecordExporter.create();
            OpenTelemetrySdk made = OpenTelemetrySdk.builder()
                    .setTracerProvider(SdkTracerProvider.builder()
                            .addSpanProcessor(
                                    BatchSpanProcessor.builder(new GatedSpans(InMemorySpanExporter.create(), gate))
                                            .setMaxQueueSize(ROOM)
                                            .build())
                            .build())
                    .setLoggerProvider(SdkLoggerProvider.builder()
                            .addLogRecordProcessor(BatchLogRecordProcessor.builder(new GatedRecords(records, gate))
                                    .setMaxQueueSize(ROOM)
                                    .build())
                            .build())
                    .build();
            sdk = made;
            EventSink sink =
                    Parts.of(setting.apply(OtelPlugin.builder(made)).build()).sink();
            return TestedSink.withFields(sink, () -> arrived(made, records))
                    .withBlockedDestination(() -> stuck(made, gate));
        }

        @AfterEach
        void closeSdk() {
            if (sdk != null) {
                sdk.close();
            }
        }

        private static List<Map<String, Object>> arrived(OpenTelemetrySdk sdk, InMemoryLogRecordExporter records) {
            assertThat(sdk.getSdkLoggerProvider()
                            .forceFlush()
                            .join(20, TimeUnit.SECONDS)
                            .isSuccess())
                    .isTrue();
            return records.getFinishedLogRecordItems().stream()
                    .filter(each -> each.getInstrumentationScopeInfo().getName().equals(OtelPlugin.SCOPE))
                    .map(Setting::fields)
                    .toList();
        }

        /** Returns what the record says, by the names that the fields have in the event. */
        private static Map<String, Object> fields(LogRecordData each) {
            Map<String, Object> fields = new HashMap<>();
            each.getAttributes()
                    .forEach((key, value) -> fields.put(FIELDS.getOrDefault(key.getKey(), key.getKey()), value));
            fields.put("event", String.valueOf(each.getEventName()));
            fields.put("eventId", String.valueOf(each.getAttributes().get(AttributeKey.stringKey("log.record.uid"))));
            long nanos = each.getTimestampEpochNanos();
            Instant at = Instant.ofEpochSecond(0, nanos);
            fields.put("occurredAt", MICROS.format(at.atOffset(ZoneOffset.UTC)));
            return fields;
        }

        /** Makes both exporters hang in what the application itself sent. */
        private static AutoCloseable stuck(OpenTelemetrySdk sdk, Gate gate) throws InterruptedException {
            gate.shut = new CountDownLatch(1);
            Span span = sdk.getTracer("host").spanBuilder("before").startSpan();
            span.end();
            sdk.getLogsBridge().get("host").logRecordBuilder().setBody("before").emit();
            sdk.getSdkTracerProvider().forceFlush();
            sdk.getSdkLoggerProvider().forceFlush();
            assertThat(gate.stuck.await(20, TimeUnit.SECONDS)).isTrue();
            return () -> gate.shut.countDown();
        }
    }

    /** What exporters wait at while it is shut. */
    private static final class Gate {
        private final CountDownLatch stuck = new CountDownLatch(2);
        private volatile CountDownLatch shut = new CountDownLatch(0);

        void pass() {
            if (shut.getCount() > 0) {
                stuck.countDown();
            }
            try {
                shut.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private record GatedRecords(LogRecordExporter exporter, Gate gate) implements LogRecordExporter {
        @Override
        public CompletableResultCode export(Collection<LogRecordData> records) {
            gate.pass();
            return exporter.export(records);
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }

    private record GatedSpans(SpanExporter exporter, Gate gate) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            gate.pass();
            return exporter.export(spans);
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }
}
