package dev.runledger.otel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Wait;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a collector really receives. */
class OtlpBytesTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();
    private final Queue<Span> spans = new ConcurrentLinkedQueue<>();
    private HttpServer collector;
    private OpenTelemetrySdk sdk;

    @BeforeEach
    void open() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/logs", exchange -> {
            ExportLogsServiceRequest request = ExportLogsServiceRequest.parseFrom(exchange.getRequestBody());
            request.getResourceLogsList()
                    .forEach(resource ->
                            resource.getScopeLogsList().forEach(scope -> records.addAll(scope.getLogRecordsList())));
            accepted(exchange);
        });
        collector.createContext("/v1/traces", exchange -> {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            request.getResourceSpansList()
                    .forEach(resource ->
                            resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
            accepted(exchange);
        });
        collector.start();
        String base = "http://localhost:" + collector.getAddress().getPort();
        sdk = OpenTelemetrySdk.builder()
                .setLoggerProvider(SdkLoggerProvider.builder()
                        .addLogRecordProcessor(BatchLogRecordProcessor.builder(OtlpHttpLogRecordExporter.builder()
                                        .setEndpoint(base + "/v1/logs")
                                        .build())
                                .build())
                        .build())
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                        .setEndpoint(base + "/v1/traces")
                                        .build())
                                .build())
                        .build())
                .build();
    }

    @AfterEach
    void close() {
        sdk.close();
        collector.stop(0);
    }

    @Test
    void aCollectorReceivesTheEventsAndTheSegmentsWithTheirLinks() {
        MutableClock clock = MutableClock.at(NOON);
        Process host = Process.of(sdk, RunStore.inMemory(clock, 10), clock);
        RunId id = host.ledger
                .dispatch(NewRun.of("review").id(RunId.of("run-1")))
                .orElseThrow()
                .id();
        host.ledger.execute(id, "w", scope -> RunOutcome.suspended(Wait.of(Wait.Code.APPROVAL)));
        host.ledger.resume(id, Resumption.of("approved", "jane"));
        host.ledger.execute(id, "w", scope -> RunOutcome.incomplete("red"));
        sdk.getSdkLoggerProvider().forceFlush().join(10, TimeUnit.SECONDS);
        sdk.getSdkTracerProvider().forceFlush().join(10, TimeUnit.SECONDS);

        assertThat(records)
                .extracting(LogRecord::getEventName)
                .containsExactly(
                        "workflow.run.queued",
                        "workflow.run.running",
                        "workflow.run.suspended",
                        "workflow.run.resumed",
                        "workflow.run.incomplete",
                        "workflow.run.completed");
        assertThat(records)
                .extracting(each -> text(each.getAttributesList(), "log.record.uid"))
                .containsExactly("run-1:1", "run-1:2", "run-1:3", "run-1:4", "run-1:5", "run-1:5:completed");
        Span first = named("suspended");
        Span second = named("incomplete");
        assertThat(second.getLinksList()).singleElement().satisfies(link -> {
            assertThat(link.getSpanId()).isEqualTo(first.getSpanId());
            assertThat(link.getTraceId()).isEqualTo(first.getTraceId());
            assertThat(text(link.getAttributesList(), "ledger.link")).isEqualTo("segment_before");
        });
        LogRecord incomplete = records.stream()
                .filter(each -> each.getEventName().endsWith("incomplete"))
                .findFirst()
                .orElseThrow();
        assertThat(incomplete.getTimeUnixNano()).isEqualTo(TimeUnit.SECONDS.toNanos(NOON.getEpochSecond()));
        assertThat(incomplete.getObservedTimeUnixNano()).isPositive();
        assertThat(incomplete.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_WARN);
        assertThat(incomplete.getSeverityText()).isEqualTo("WARN");
        assertThat(incomplete.getTraceId()).isEqualTo(second.getTraceId()).isNotEqualTo(ByteString.EMPTY);
        assertThat(incomplete.getSpanId()).isEqualTo(second.getSpanId());
    }

    private Span named(String outcome) {
        List<Span> found = spans.stream()
                .filter(each -> outcome.equals(text(each.getAttributesList(), "ledger.outcome")))
                .toList();
        assertThat(found).as(outcome).hasSize(1);
        return found.get(0);
    }

    private static String text(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(each -> each.getKey().equals(key))
                .map(each -> each.getValue().getStringValue())
                .findFirst()
                .orElse(null);
    }

    private static void accepted(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }
}
