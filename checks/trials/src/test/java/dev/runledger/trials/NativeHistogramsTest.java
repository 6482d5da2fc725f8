package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import dev.runledger.Ledger;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.testkit.MutableClock;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger's timers as native histograms: what a real Prometheus makes of them, beside the classic ones that it scrapes as text. */
class NativeHistogramsTest {
    private static final ExpositionFormats FORMATS = ExpositionFormats.init();
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RUNS = 2_000;
    private static final double LEAST_SECONDS = 0.05;
    private static final double MOST_SECONDS = 250;

    @TempDir
    private Path folder;

    private final NativeTimers registry = new NativeTimers();
    private final MutableClock clock = MutableClock.at("2026-03-01T10:00:00Z");
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void aQuantileOfNativeHistogramsIsCloserAndTakesOneSeriesForATimer() throws Exception {
        long seed = Long.getLong("ledger.seed", 20260302L);
        Random random = new Random(seed);
        try (Page asked = Page.of(registry, "");
                Page text = Page.of(registry, TEXT);
                Ledger ledger = Ledger.builder()
                        .clock(clock)
                        .sink(MicrometerSink.of(registry))
                        .build()) {
            live(ledger, 0.3); // a rate needs a series that was there before
            try (Prometheus prometheus =
                    Prometheus.withNativeHistograms(folder.resolve("prometheus"), asked.port(), text.port())) {
                await(prometheus, 1);
                double[] seconds = new double[RUNS];
                for (int i = 0; i < RUNS; i++) {
                    double millis = 1e3 * LEAST_SECONDS * Math.pow(MOST_SECONDS / LEAST_SECONDS, random.nextDouble());
                    seconds[i] = Math.rint(millis) / 1e3;
                    live(ledger, seconds[i]);
                }
                await(prometheus, RUNS + 1);
                Arrays.sort(seconds);
                compare(prometheus, asked.port(), text.port(), seconds, seed);
            }
        }
    }

    private void live(Ledger ledger, double seconds) {
        RunId id = RunId.of("run-" + runs.incrementAndGet());
        ledger.dispatch(NewRun.of("review").id(id)).orElseThrow();
        ledger.start(id, "worker-1").orElseThrow();
        clock.advance(Duration.ofMillis(Math.round(1e3 * seconds)));
        ledger.succeed(id).orElseThrow();
    }

    /** Waits until both pages were scraped with so many runs. */
    private static void await(Prometheus prometheus, int runs) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (prometheus.number("histogram_count(workflow_run_duration_seconds)") != runs
                || prometheus.number("workflow_run_duration_seconds_count") != runs) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Prometheus did not scrape " + runs + " runs: "
                        + prometheus.ask("{__name__=~\"workflow_run_duration_seconds.*\"}"));
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    private static void compare(Prometheus prometheus, int asked, int text, double[] seconds, long seed)
            throws IOException {
        double farthest = 0;
        for (double quantile : new double[] {0.5, 0.9, 0.95, 0.99}) {
            double exact = seconds[(int) Math.ceil(quantile * RUNS) - 1];
            double answer = prometheus.number("histogram_quantile(%s, sum by (workflow)".formatted(quantile)
                    + " (rate(workflow_run_duration_seconds{channel=\"live\"}[1h])))");
            double classic = prometheus.number("histogram_quantile(%s, sum by (workflow, le)".formatted(quantile)
                    + " (rate(workflow_run_duration_seconds_bucket{channel=\"live\"}[1h])))");
            System.out.printf(
                    "native histograms: p%s is %.3f s, native %.3f s (%+.1f %%), classic %.3f s (%+.1f %%)%n",
                    100 * quantile, exact, answer, 100 * (answer / exact - 1), classic, 100 * (classic / exact - 1));
            farthest = Math.max(farthest, Math.abs(answer / exact - 1));
        }
        assertThat(farthest).as("the error of a quantile").isLessThan(0.05);
        assertThat(prometheus.number("histogram_sum(workflow_run_duration_seconds)"))
                .isCloseTo(Arrays.stream(seconds).sum() + 0.3, within(1e-3));
        double natives = series(prometheus, asked, "workflow_run_duration_seconds");
        double classics = series(prometheus, text, "workflow_run_duration_seconds");
        assertThat(natives).as("series of a native timer").isEqualTo(1);
        assertThat(classics).as("series of a classic timer").isEqualTo(13); // 10 bounds, +Inf, sum and count
        assertThat(series(prometheus, asked, "workflow_run_events"))
                .as("the counters beside it")
                .isEqualTo(series(prometheus, text, "workflow_run_events"))
                .isEqualTo(4);
        System.out.printf(
                "native histograms: seed %d, %.0f series of a timer, %.0f of a classic one%n", seed, natives, classics);
    }

    private static double series(Prometheus prometheus, int port, String prefix) throws IOException {
        return prometheus.number("count({__name__=~\"%s.*\",instance=\"127.0.0.1:%s\"})".formatted(prefix, port));
    }

    /** A page that Prometheus scrapes. */
    private record Page(HttpServer server) implements AutoCloseable {
        /** Serves the registry in the given type of content, or in the one that was asked for if none is given. */
        static Page of(NativeTimers registry, String type) throws IOException {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/metrics", exchange -> {
                try (exchange) {
                    String accepted = exchange.getRequestHeaders().getFirst("Accept");
                    ExpositionFormatWriter writer = FORMATS.findWriter(type.isEmpty() ? accepted : type);
                    ByteArrayOutputStream page = new ByteArrayOutputStream();
                    writer.write(page, registry.getPrometheusRegistry().scrape());
                    exchange.getResponseHeaders().set("Content-Type", writer.getContentType());
                    exchange.sendResponseHeaders(200, page.size());
                    page.writeTo(exchange.getResponseBody());
                }
            });
            server.start();
            return new Page(server);
        }

        int port() {
            return server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
