package dev.runledger.examples.webhookbot;

import dev.runledger.otel.OtelPlugin;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.util.function.Function;

/** OpenTelemetry's SDK, set up to send everything to one OTLP endpoint. */
final class Traces implements AutoCloseable {
    private final OpenTelemetrySdk sdk;
    private final OtelPlugin plugin;

    Traces(URI endpoint) {
        String address = endpoint.toString().replaceAll("/+$", "");
        Resource resource = Resource.getDefault().toBuilder()
                .put(AttributeKey.stringKey("service.name"), "webhook-bot")
                .build();
        this.sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setResource(resource)
                        .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                        .setEndpoint(address + "/v1/traces")
                                        .build())
                                .build())
                        .build())
                .setLoggerProvider(SdkLoggerProvider.builder()
                        .setResource(resource)
                        .addLogRecordProcessor(BatchLogRecordProcessor.builder(OtlpHttpLogRecordExporter.builder()
                                        .setEndpoint(address + "/v1/logs")
                                        .build())
                                .build())
                        .build())
                .build();
        this.plugin = OtelPlugin.of(sdk);
    }

    OtelPlugin plugin() {
        return plugin;
    }

    /** Takes each delivery in under a span of its own, which the runs that it dispatches go on from. */
    Function<Delivery, Receipt> traced(Function<Delivery, Receipt> bot) {
        Tracer tracer = sdk.getTracer("dev.runledger.examples.webhookbot");
        return delivery -> {
            Span span = tracer.spanBuilder("webhook.delivery")
                    .setSpanKind(SpanKind.SERVER)
                    .setAttribute("webhook.event", delivery.event())
                    .setAttribute("webhook.delivery.id", delivery.deliveryId())
                    .startSpan();
            try (Scope current = span.makeCurrent()) {
                Receipt receipt = bot.apply(delivery);
                span.setAttribute("webhook.result", receipt.code());
                return receipt;
            } finally {
                span.end();
            }
        };
    }

    /** Sends what is left, for as long as the SDK gives it: 10 seconds. */
    @Override
    public void close() {
        sdk.close();
    }
}
