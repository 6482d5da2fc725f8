package dev.runledger.examples.webhookbot;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runledger.Ledger;
import dev.runledger.micrometer.LedgerMeters;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.sink.EventSink;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The bot's meters, and the page of the loopback address on which a Prometheus finds them. */
final class MetricsPage implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(2); // its own, so that no other page starves it
    private LedgerMeters watched;

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

    /** Shows what waits in the ledger's store from now on. */
    void watch(Ledger ledger) {
        watched = LedgerMeters.of(ledger);
        watched.bindTo(registry);
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
        if (watched != null) {
            watched.close();
        }
        registry.close();
    }
}
