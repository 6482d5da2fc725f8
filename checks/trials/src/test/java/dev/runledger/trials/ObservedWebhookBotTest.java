package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.faults.HostProcess;
import dev.runledger.history.RunHistory;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The webhook bot as its operators see it: what a real Prometheus answers is what the store's history says. */
class ObservedWebhookBotTest {
    private static final Path JAR = Path.of("..", "..", "examples", "webhook-bot", "target", "webhook-bot.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRET = "a secret of this test";
    private static final double[] BOUNDS = {0, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300};

    @TempDir
    private Path folder;

    @Test
    void whatPrometheusAnswersIsWhatTheStoreSays() throws Exception {
        Path file = folder.resolve("runs.db");
        String[] arguments = {
            "--db",
            file.toString(),
            "--serve",
            "0",
            "--secret",
            SECRET,
            "--metrics",
            "0",
            "--workers",
            "1",
            "--queue",
            "400",
            "--lost-after",
            "3"
        };
        try (HostProcess bot = HostProcess.start(JAR, arguments)) {
            int port = port(bot.awaitError(line -> line.startsWith("listening on"), PATIENCE));
            int metrics = port(bot.awaitError(line -> line.startsWith("metrics on"), PATIENCE));
            try (Prometheus prometheus = Prometheus.start(folder.resolve("prometheus"), metrics);
                    JdbiRunStore store = JdbiRunStore.sqlite(file)) {
                deliver(port, new Deliveries(JAR).signed(SECRET, "observed", 12));
                await("the runs end", () -> isQuiet(store.history()));
                Truth truth = Truth.of(store.history());
                double emitted = sum(truth.eventsBy(Truth::workflow)) + ended(truth);
                await(
                        "Prometheus has scraped it",
                        () -> number(prometheus, "sum(workflow_run_events_total)") == emitted);
                compare(prometheus, truth);
                System.out.printf(
                        "webhook bot and Prometheus: %d runs, %d refusals, %.0f events agree%n",
                        truth.runs().size(), truth.refusals().size(), emitted);
            }
            assertThat(bot.stop(PATIENCE)).isEqualTo(143); // as a process ends that was asked to
        }
    }

    // ---- the work

    private static void deliver(int port, List<ObjectNode> deliveries) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        for (ObjectNode each : deliveries) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/webhook"))
                    .header("X-GitHub-Event", each.path("event").asText())
                    .header("X-GitHub-Delivery", each.path("deliveryId").asText())
                    .header("X-Hub-Signature-256", each.path("signature").asText())
                    .POST(HttpRequest.BodyPublishers.ofString(
                            each.path("payload").asText()))
                    .build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isLessThan(500);
        }
    }

    /** Returns whether nothing is left to be done: what is in flight waits for a person, or for a child that does. */
    private static boolean isQuiet(RunHistory history) {
        List<WorkflowRun> runs = Truth.of(history).runs();
        Set<RunId> waiting = runs.stream()
                .filter(run -> run.state() == RunState.SUSPENDED)
                .flatMap(run -> Stream.concat(Stream.of(run.id()), run.request().parentRunId().stream()))
                .collect(Collectors.toSet());
        return runs.stream().allMatch(run -> run.state().isTerminal() || waiting.contains(run.id()));
    }

    // ---- what Prometheus says of it

    private static void compare(Prometheus prometheus, Truth truth) throws IOException {
        Map<String, Double> events = truth.eventsBy(
                event -> Truth.workflow(event) + " " + event.type().eventName());
        assertThat(by(prometheus, "workflow_run_events_total{event!=\"workflow.run.completed\"}", "workflow", "event"))
                .isEqualTo(events);
        double succeeded = count(truth, RunState.SUCCEEDED);
        assertThat(number(
                        prometheus,
                        "sum(workflow_run_events_total{event=\"workflow.run.succeeded\"})"
                                + " / sum(workflow_run_events_total{event=\"workflow.run.completed\"})"))
                .as("success rate")
                .isCloseTo(succeeded / ended(truth), within(1e-9));
        Map<String, Double> refusals = truth.refusals().stream()
                .collect(Collectors.groupingBy(
                        event -> Truth.workflow(event) + " " + reasonCode(event),
                        TreeMap::new,
                        Collectors.summingDouble(event -> 1)));
        assertThat(by(prometheus, "workflow_dispatch_refused_total", "workflow", "reason_code"))
                .isEqualTo(refusals)
                .isNotEmpty();
        assertThat(number(
                        prometheus,
                        "sum(workflow_dispatch_refused_total) / (sum(workflow_dispatch_refused_total)"
                                + " + sum(workflow_run_events_total{event=\"workflow.run.queued\"}))"))
                .as("refusal rate")
                .isCloseTo(
                        truth.refusals().size()
                                / (double)
                                        (truth.refusals().size() + truth.runs().size()),
                        within(1e-9));
        assertThatTimerAgrees(prometheus, "workflow_run_duration_seconds", truth.durations());
        assertThatTimerAgrees(prometheus, "workflow_run_queue_wait_seconds", truth.queueWaits());
        Map<String, Double> active = truth.runs().stream()
                .filter(run -> run.state().isInFlight())
                .collect(Collectors.groupingBy(
                        run -> run.workflowName() + " " + run.state().name().toLowerCase(Locale.ROOT),
                        TreeMap::new,
                        Collectors.summingDouble(run -> 1)));
        await(
                "the gauges are read again",
                () -> by(prometheus, "workflow_run_active > 0", "workflow", "state")
                        .equals(active));
    }

    /** Counts and sums agree exactly, and an estimated quantile lies in the bucket of the true one. */
    private static void assertThatTimerAgrees(Prometheus prometheus, String timer, Map<String, List<Long>> truth)
            throws IOException {
        assertThat(truth).isNotEmpty();
        Map<String, Double> counts = by(prometheus, timer + "_count", "workflow");
        Map<String, Double> sums = by(prometheus, timer + "_sum", "workflow");
        Map<String, Double> p95 = new TreeMap<>();
        prometheus
                .ask("histogram_quantile(0.95, sum by (le, workflow) (" + timer + "_bucket))")
                .forEach((labels, value) -> p95.put(labels.get("workflow"), value));
        truth.forEach((workflow, millis) -> {
            List<Long> sorted = millis.stream().sorted().toList();
            double exact = sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1) / 1e3;
            assertThat(counts).as(timer).containsEntry(workflow, (double) millis.size());
            assertThat(sums.get(workflow))
                    .as("%s of %s", timer, workflow)
                    .isCloseTo(millis.stream().mapToLong(Long::longValue).sum() / 1e3, within(1e-6));
            int bucket = 1;
            while (BOUNDS[bucket] < exact) {
                bucket++;
            }
            assertThat(p95.get(workflow))
                    .as("p95 of %s of %s, in truth %s s", timer, workflow, exact)
                    .isBetween(BOUNDS[bucket - 1], BOUNDS[bucket]);
        });
        assertThat(counts).hasSameSizeAs(truth);
    }

    private static Map<String, Double> by(Prometheus prometheus, String series, String... labels) {
        try {
            Map<String, Double> values = new TreeMap<>();
            prometheus
                    .ask("sum by (" + String.join(", ", labels) + ") (" + series + ")")
                    .forEach((each, value) -> values.put(
                            List.of(labels).stream().map(each::get).collect(Collectors.joining(" ")), value));
            return values;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static double number(Prometheus prometheus, String expression) {
        try {
            return prometheus.number(expression);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static double count(Truth truth, RunState state) {
        return truth.runs().stream().filter(run -> run.state() == state).count();
    }

    private static double ended(Truth truth) {
        return truth.runs().stream().filter(run -> run.state().isTerminal()).count();
    }

    private static double sum(Map<String, Double> counts) {
        return counts.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static String reasonCode(LedgerEvent event) {
        return event.text(EventField.REASON_CODE).orElseThrow();
    }

    private static int port(String line) {
        return URI.create(line.substring(line.indexOf("http"))).getPort();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(100_000_000);
        }
    }
}
