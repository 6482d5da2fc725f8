package dev.runledger.examples.webhookbot;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.runledger.operations.Operations;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

/** Listens for deliveries on {@code POST /webhook}, on the loopback address: a proxy in front of it speaks TLS. */
final class WebhookServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int MOST_SKIPPED = 16 << 20;

    private final HttpServer server;
    private final ExecutorService threads = Http.threads();
    private final int maxBytes;
    private final Tally tally;
    private final Function<Delivery, Receipt> bot;
    private final Supplier<Operations.Health> health;
    private final PrintStream err;

    WebhookServer(
            int port,
            int maxBytes,
            Tally tally,
            Function<Delivery, Receipt> bot,
            Supplier<Operations.Health> health,
            PrintStream err)
            throws IOException {
        this.maxBytes = maxBytes;
        this.tally = tally;
        this.bot = bot;
        this.health = health;
        this.err = err;
        this.server = Http.server(port);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/health")) {
                health(exchange);
            } else if (!path.equals("/webhook")) {
                send(exchange, 404, Map.of("error", "expected POST /webhook"));
            } else if (!exchange.getRequestMethod().equals("POST")) {
                exchange.getResponseHeaders().set("Allow", "POST");
                send(exchange, 405, Map.of("error", "expected POST"));
            } else {
                webhook(exchange);
            }
        }
    }

    private void webhook(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(maxBytes + 1);
        skipTheRest(exchange.getRequestBody());
        String event = exchange.getRequestHeaders().getFirst("X-GitHub-Event");
        String id = exchange.getRequestHeaders().getFirst("X-GitHub-Delivery");
        Receipt receipt;
        if (event == null || id == null) {
            receipt = Receipt.rejected("missing_field", "expected the headers X-GitHub-Event and X-GitHub-Delivery");
        } else {
            String signature = exchange.getRequestHeaders().getFirst("X-Hub-Signature-256");
            String text = new String(body, StandardCharsets.UTF_8);
            receipt = taken(new Delivery(event, id, text, signature, true));
        }
        tally.add(receipt);
        Map<String, String> answer = new TreeMap<>();
        answer.put("result", receipt.kind().name().toLowerCase(Locale.ROOT));
        answer.put("code", receipt.code());
        answer.put("message", receipt.message());
        send(exchange, receipt.status(), answer);
    }

    /** Whatever breaks, the sender gets an answer, and the operator a line. */
    private Receipt taken(Delivery delivery) {
        Receipt receipt;
        try {
            receipt = bot.apply(delivery);
        } catch (RuntimeException broken) {
            broken.printStackTrace(err);
            receipt = Receipt.failed(Receipt.BROKEN, "the bot broke on it");
        }
        if (receipt.kind() == Receipt.Kind.FAILED) {
            err.println(receipt.line(delivery.deliveryId()));
        }
        return receipt;
    }

    /** For whoever watches the process: 503 if the runs are not taken care of, with the reasons. */
    private void health(HttpExchange exchange) throws IOException {
        Operations.Health now = health.get();
        Map<String, Object> answer = new TreeMap<>();
        answer.put("status", now.isHealthy() ? "up" : "down");
        answer.put("instances", now.instances());
        answer.put("problems", now.problems());
        answer.put("warnings", now.warnings());
        send(exchange, now.isHealthy() ? 200 : 503, answer);
    }

    /** A client that is still sending would not read the answer; one that sends for ever need not. */
    private static void skipTheRest(InputStream body) throws IOException {
        int left = MOST_SKIPPED;
        while (left > 0) {
            int read = body.readNBytes(Math.min(left, 8192)).length;
            if (read == 0) {
                return;
            }
            left -= read;
        }
    }

    private static void send(HttpExchange exchange, int status, Map<String, ?> answer) throws IOException {
        byte[] body = JSON.writeValueAsBytes(answer);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(1);
        threads.shutdownNow();
    }
}
