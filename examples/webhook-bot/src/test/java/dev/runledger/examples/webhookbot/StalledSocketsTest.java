package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Clients that begin a request and never finish it stop neither page. They stall for as long as the test: the build sets no limit, and the
 * trials see that of the bot as it is run.
 */
class StalledSocketsTest {
    private static final int CLIENTS = 8;
    private static final String HALF_A_HEAD = "GET /metrics HTTP/1.1\r\nHost: x\r\n";
    private static final String HALF_A_BODY = "POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void bothPagesAnswerWhileClientsStall() throws Exception {
        List<Socket> stalled = new ArrayList<>();
        try (MetricsPage metrics = new MetricsPage(0);
                WebhookServer webhook = new WebhookServer(
                        0,
                        1000,
                        new Tally(),
                        delivery -> Receipt.dispatched("run", "triage run 1"),
                        Healths::up,
                        new PrintStream(OutputStream.nullOutputStream()))) {
            URI page = URI.create(metrics.address());
            for (int i = 0; i < CLIENTS; i++) {
                stalled.add(stall(page.getPort(), HALF_A_HEAD));
                stalled.add(stall(webhook.port(), HALF_A_BODY));
            }
            assertThat(status(page)).isEqualTo(200);
            assertThat(status(URI.create("http://localhost:%d/health".formatted(webhook.port()))))
                    .isEqualTo(200);
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    private static Socket stall(int port, String begun) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private int status(URI uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }
}
