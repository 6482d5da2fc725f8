package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.operations.Operations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookServerTest {
    private static final int MAX_BYTES = 100;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<Delivery> received = new AtomicReference<>();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private Supplier<Receipt> answer = () -> Receipt.dispatched("run", "triage run 1");
    private Operations.Health health = Healths.up();
    private WebhookServer server;

    private final Tally tally = new Tally();

    @BeforeEach
    void listen() throws IOException {
        server = new WebhookServer(
                0,
                MAX_BYTES,
                tally,
                delivery -> {
                    received.set(delivery);
                    return answer.get();
                },
                () -> health,
                new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aDeliveryIsHandedOnAndAnswered() throws Exception {
        HttpResponse<String> response = deliver("{\"a\":\"é\"}");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body())
                .isEqualTo("{\"code\":\"run\",\"message\":\"triage run 1\",\"result\":\"dispatched\"}");
        assertThat(received.get()).isEqualTo(new Delivery("issues", "d-1", "{\"a\":\"é\"}", "sha256=0", true));
    }

    @ParameterizedTest
    @CsvSource({"not_json, 400", "missing_field, 400", "bad_signature, 401", "too_large, 413"})
    void aRejectionHasItsStatus(String code, int status) throws Exception {
        answer = () -> Receipt.rejected(code, "because");

        assertThat(deliver("{}").statusCode()).isEqualTo(status);
    }

    @Test
    void aDeliveryThatIsNotStoredIsAnsweredCountedAndLogged() throws Exception {
        answer = () -> Receipt.failed("not_stored", "the database is away");

        assertThat(deliver("{}").statusCode()).isEqualTo(503);
        assertThat(tally.line()).contains("failed 1 (not_stored 1)");
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("failed d-1 (not_stored): the database is away");
    }

    @Test
    void aDeliveryOnWhichTheBotBreaksIsToo() throws Exception {
        answer = () -> {
            throw new IllegalStateException("a bug");
        };

        HttpResponse<String> response = deliver("{}");
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("a bug");
        assertThat(tally.line()).contains("failed 1 (broken 1)");
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("IllegalStateException: a bug", "failed d-1");
    }

    @Test
    void healthIsThatOfTheOperations() throws Exception {
        assertThat(send(request("/health").GET()).body())
                .isEqualTo("{\"instances\":1,\"problems\":[],\"status\":\"up\",\"warnings\":[\"one warning\"]}");
        health = Healths.with(List.of("nobody has swept for 90 s"));
        HttpResponse<String> down = send(request("/health").GET());
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(down.body()).contains("\"down\"", "nobody has swept for 90 s");
    }

    @Test
    void noMoreIsReadThanOneByteTooMuch() throws Exception {
        deliver("x".repeat(10 * MAX_BYTES));

        assertThat(received.get().body()).hasSize(MAX_BYTES + 1);
    }

    @Test
    void theHeadersAreNeeded() throws Exception {
        HttpResponse<String> response = send(request("/webhook").POST(BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("X-GitHub-Event", "X-GitHub-Delivery");
        assertThat(received.get()).isNull();
    }

    @Test
    void nothingElseIsServed() throws Exception {
        assertThat(send(request("/health").GET()).statusCode()).isEqualTo(200);
        assertThat(send(request("/").GET()).statusCode()).isEqualTo(404);
        HttpResponse<String> get = send(request("/webhook").GET());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");
    }

    private HttpResponse<String> deliver(String body) throws Exception {
        return send(request("/webhook")
                .header("X-GitHub-Event", "issues")
                .header("X-GitHub-Delivery", "d-1")
                .header("X-Hub-Signature-256", "sha256=0")
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
