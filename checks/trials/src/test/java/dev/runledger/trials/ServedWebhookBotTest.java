package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runledger.faults.DurablePostgres;
import dev.runledger.faults.HostProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The webhook bot as a server: with clients that stall, without its database, and as its README says to call it. */
class ServedWebhookBotTest {
    private static final Path BOT = Path.of("..", "..", "examples", "webhook-bot");
    private static final Path JAR = BOT.resolve("target").resolve("webhook-bot.jar");
    private static final String HALF_A_HEAD = "GET /metrics HTTP/1.1\r\nHost: x\r\n";
    private static final String HALF_A_BODY = "POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STALLED = 8;
    private static final String SECRET = "s3cret";

    @TempDir
    private Path folder;

    @Test
    void clientsThatStallAreEndedAndNobodyWaitsForThem() throws Exception {
        List<Socket> stalled = new ArrayList<>();
        try (HostProcess bot = HostProcess.start(JAR, arguments(sqlite(), "--metrics", "0"))) {
            URI metrics = address(bot, "metrics on");
            URI health = address(bot, "listening on").resolve("/health");
            for (int i = 0; i < STALLED; i++) {
                stalled.add(stall(metrics.getPort(), HALF_A_HEAD));
                stalled.add(stall(health.getPort(), HALF_A_BODY));
            }
            assertThat(get(metrics).statusCode()).isEqualTo(200);
            assertThat(get(health).statusCode()).isEqualTo(200);
            for (Socket socket : stalled) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                // an answer may come first; then the end, or the timeout throws
                assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(10_000);
            }
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    @Test
    void aDeliveryThatTheDatabaseRefusesIsAnsweredLoggedAndCounted() throws Exception {
        ObjectNode delivery = new Deliveries(JAR).signed(SECRET, "refused", 1).get(0);
        try (DurablePostgres server = DurablePostgres.start();
                HostProcess bot = HostProcess.start(JAR, arguments(server.newDatabase()))) {
            URI webhook = address(bot, "listening on");
            server.kill();
            assertThat(deliver(webhook, delivery).statusCode()).isEqualTo(503);
            bot.awaitError(line -> line.matches("failed \\S+ \\(not_stored\\): .+"), PATIENCE);
            assertThat(get(webhook.resolve("/health")).statusCode()).isEqualTo(503);
            server.restart();
            HttpResponse<String> again = deliver(webhook, delivery);
            for (long end = System.nanoTime() + PATIENCE.toNanos();
                    again.statusCode() == 503 && System.nanoTime() < end; ) { // the pool finds it after a while
                again = deliver(webhook, delivery);
            }
            assertThat(again.statusCode()).isEqualTo(202);
            assertThat(bot.stop(PATIENCE)).isEqualTo(143);
            assertThat(bot.errors()).containsPattern("= dispatched 1 \\(run 1\\) .* failed \\d+ \\(not_stored \\d+\\)");
        }
    }

    /** As a newcomer does, who copies the lines into a shell. */
    @Test
    void theLinesOfTheReadmeDeliver() throws Exception {
        assumeTrue(isThere("curl") && isThere("openssl"), "needs curl and openssl");
        String readme = Files.readString(BOT.resolve("README.md"));
        String lines = readme.substring(readme.indexOf("body='"));
        lines = lines.substring(0, lines.indexOf("```"));
        assertThat(lines).contains("curl ", SECRET, "localhost:8080");
        try (HostProcess bot = HostProcess.start(JAR, arguments(sqlite()))) {
            int port = address(bot, "listening on").getPort();
            Process shell = new ProcessBuilder("sh", "-c", lines.replace("localhost:8080", "localhost:" + port))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).contains("\"dispatched\"");
            assertThat(bot.awaitLine(line -> line.contains("workflow.run.succeeded"), PATIENCE))
                    .isNotEmpty();
        }
    }

    private String sqlite() {
        return folder.resolve("runs.db").toString();
    }

    private static String[] arguments(String database, String... others) {
        List<String> arguments = new ArrayList<>(List.of("--db", database, "--serve", "0", "--secret", SECRET));
        arguments.addAll(List.of(others));
        return arguments.toArray(String[]::new);
    }

    private static URI address(HostProcess bot, String says) {
        String line = bot.awaitError(each -> each.startsWith(says), PATIENCE);
        return URI.create(line.substring(line.indexOf("http")));
    }

    private static boolean isThere(String program) throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
    }

    private static Socket stall(int port, String begun) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static HttpResponse<String> get(URI page) throws Exception {
        return send(HttpRequest.newBuilder(page));
    }

    private static HttpResponse<String> deliver(URI webhook, ObjectNode delivery) throws Exception {
        return send(HttpRequest.newBuilder(webhook)
                .header("X-GitHub-Event", delivery.path("event").asText())
                .header("X-GitHub-Delivery", delivery.path("deliveryId").asText())
                .header("X-Hub-Signature-256", delivery.path("signature").asText())
                .POST(HttpRequest.BodyPublishers.ofString(
                        delivery.path("payload").asText())));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }
}
