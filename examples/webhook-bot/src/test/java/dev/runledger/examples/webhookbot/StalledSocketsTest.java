package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that begin a request and never finish it stop neither page, as the bot runs them together. */
class StalledSocketsTest {
    private static final Duration PATIENCE =
            Duration.ofSeconds(40); // the JDK ends a stalled request after 10 to 20 seconds

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void bothPagesAnswerWhileClientsStall() throws Exception {
        List<Socket> stalled = new ArrayList<>();
        try (MetricsPage metrics = new MetricsPage(0);
                WebhookServer webhook = new WebhookServer(
                        0, 1000, new Tally(), delivery -> Receipt.dispatched("run", "triage run 1"))) {
            URI page = URI.create(metrics.address());
            URI health = URI.create("http://localhost:%d/health".formatted(webhook.port()));
            for (int i = 0; i < 4; i++) {
                stalled.add(stall(page.getPort()));
                stalled.add(stall(webhook.port()));
            }
            assertThat(get(page).statusCode()).isEqualTo(200);
            assertThat(get(health).statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    private static Socket stall(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write("POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private HttpResponse<String> get(URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }
}
