package dev.runledger.examples.webhookbot;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runledger.Ledger;
import dev.runledger.micrometer.LedgerMeters;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.micrometer.OperationsMeters;
import dev.runledger.operations.Operations;
import dev.runledger.sink.EventSink;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;

/** The bot's meters, and the page of the loopback address on which a Prometheus finds them. */
final class MetricsPage implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpServer server;
    private final ExecutorService threads = Http.threads();
    private LedgerMeters ledgerMeters;
    private OperationsMeters operationsMeters;

    MetricsPage(int port) throws IOException {
        this.server = Http.server(port);
        server.setExecutor(threads);
        server.createContext("/metrics", this::answer);
        server.start();
    }

    /** Counts and times events. */
    EventSink sink() {
        return MicrometerSink.of(registry);
    }

    /** Shows what waits in the ledger's store from now on, and what its operations do. */
    void watch(Ledger ledger, Operations operations) {
        ledgerMeters = LedgerMeters.of(ledger);
        ledgerMeters.bindTo(registry);
        operationsMeters = OperationsMeters.of(operations);
        operationsMeters.bindTo(registry);
    }

    String address() {
        return "http://localhost:%s/metrics".formatted(server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] page = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        if (ledgerMeters != null) {
            ledgerMeters.close();
        }
        if (operationsMeters != null) {
            operationsMeters.close();
        }
        registry.close();
    }
}
