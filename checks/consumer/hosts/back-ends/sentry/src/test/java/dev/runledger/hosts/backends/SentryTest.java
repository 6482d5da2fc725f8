package dev.runledger.hosts.backends;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.sink.Slf4jSink;
import io.sentry.Sentry;
import io.sentry.SentryEvent;
import io.sentry.protocol.SentryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Sentry's appender sends of a failed run. */
class SentryTest {
    private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::take);
        server.start();
        Sentry.init(options -> {
            options.setDsn("http://key@127.0.0.1:" + server.getAddress().getPort() + "/42");
            options.setBeforeSend((event, hint) -> grouped(event));
        });
    }

    @AfterEach
    void stop() {
        Sentry.close();
        server.stop(0);
    }

    // snippet
    /** Gives an error whose stand-in was attached the name of its class, by which Sentry groups. */
    private static SentryEvent grouped(SentryEvent event) {
        List<SentryException> exceptions = event.getExceptions();
        if (event.getThrowable() != null && exceptions != null && !exceptions.isEmpty()) {
            String printed = event.getThrowable().toString(); // the class, a colon and the message
            exceptions.get(exceptions.size() - 1).setType(printed.split(": ", 2)[0]);
        }
        return event;
    }
    // end

    private void take(HttpExchange exchange) throws IOException {
        try (InputStream body = new GZIPInputStream(exchange.getRequestBody())) {
            new String(body.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("\"exception\""))
                    .map(Scenario::json)
                    .forEach(events::add);
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private JsonNode sent(Throwable error) throws InterruptedException {
        try (WorkflowRunEvents runs = WorkflowRunEvents.builder()
                .sink(Slf4jSink.keyValues())
                .echo(false)
                .build()) {
            runs.log(
                    WorkflowRunEvent.FAILED,
                    EventFields.of().runId("r-1").workflowName("review").failure(Failure.of(error)));
        }
        JsonNode event = events.poll(30, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        JsonNode all = event.get("exception").get("values");
        return all.get(all.size() - 1);
    }

    @Test
    void anErrorWithoutSecretsHasItsClassItsMessageAndItsStack() throws Exception {
        JsonNode sent = sent(new UncheckedIOException(new IOException("disk full")));
        assertThat(sent.get("type").asText()).isIn("UncheckedIOException", "java.io.UncheckedIOException");
        assertThat(sent.get("value").asText()).isEqualTo("java.io.IOException: disk full");
        assertThat(sent.get("stacktrace").get("frames").toString()).contains("anErrorWithoutSecrets");
    }

    @Test
    void anErrorWithASecretHasTheSameClassAndNotTheSecret() throws Exception {
        JsonNode sent = sent(new IllegalStateException("refused, Authorization: Bearer abcdef0123456789abcdef"));
        assertThat(sent.get("type").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(sent.toString()).doesNotContain("abcdef0123456789abcdef").contains("anErrorWithASecret");
    }
}
