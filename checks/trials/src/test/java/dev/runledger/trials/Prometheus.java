package dev.runledger.trials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runledger.faults.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** A real Prometheus that scrapes pages every second. */
final class Prometheus implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DebianProgram PROGRAM = new DebianProgram("prometheus");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    private Prometheus(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it on its own folder and returns when it answers; skips the test if there is none. */
    static Prometheus start(Path folder, int... scrapedPorts) throws IOException, InterruptedException {
        return start(folder, List.of(), scrapedPorts);
    }

    /** Starts one that asks for native histograms and keeps them. */
    static Prometheus withNativeHistograms(Path folder, int... scrapedPorts) throws IOException, InterruptedException {
        return start(folder, List.of("--enable-feature=native-histograms"), scrapedPorts);
    }

    private static Prometheus start(Path folder, List<String> flags, int... scrapedPorts)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        String targets = Arrays.stream(scrapedPorts)
                .mapToObj(scraped -> "'127.0.0.1:" + scraped + "'")
                .collect(Collectors.joining(", "));
        Path configuration = Files.writeString(folder.resolve("prometheus.yml"), """
                global:
                  scrape_interval: 1s
                scrape_configs:
                  - job_name: trial
                    static_configs:
                      - targets: [%s]
                """.formatted(targets));
        int port = FreePort.outsideTheEphemeralRange();
        List<String> arguments = new ArrayList<>(flags);
        arguments.add("--config.file=" + configuration);
        arguments.add("--storage.tsdb.path=" + folder.resolve("data"));
        arguments.add("--web.listen-address=127.0.0.1:" + port);
        Process process = PROGRAM.command(arguments.toArray(String[]::new))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        Prometheus prometheus = new Prometheus(process, port);
        long end = System.nanoTime() + START.toNanos();
        while (!prometheus.isReady()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                prometheus.close();
                throw new IllegalStateException(
                        "Prometheus is not ready: " + Files.readString(folder.resolve("prometheus.log")));
            }
            LockSupport.parkNanos(50_000_000);
        }
        return prometheus;
    }

    private boolean isReady() {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Returns the current values of an expression by their labels; a lone number has no labels. */
    Map<Map<String, String>, Double> ask(String expression) throws IOException {
        HttpResponse<String> answer =
                get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        JsonNode result = JSON.readTree(answer.body());
        if (!result.path("status").asText().equals("success")) {
            throw new IllegalStateException(expression + ": " + answer.body());
        }
        Map<Map<String, String>, Double> values = new HashMap<>();
        for (JsonNode series : result.path("data").path("result")) {
            Map<String, String> labels = new TreeMap<>();
            series.path("metric")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            values.put(labels, series.path("value").path(1).asDouble());
        }
        return values;
    }

    /** Returns the value of an expression that is one number; zero if there is no series yet. */
    double number(String expression) throws IOException {
        return ask(expression).values().stream().findFirst().orElse(0.0);
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            URI address = URI.create("http://127.0.0.1:" + port + path);
            return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
