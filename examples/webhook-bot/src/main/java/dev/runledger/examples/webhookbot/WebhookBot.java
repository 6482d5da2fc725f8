package dev.runledger.examples.webhookbot;

import dev.runledger.Ledger;
import dev.runledger.context.ContextCarrier;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.store.PayloadStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** The command: replays recorded deliveries, listens for real ones, and says what became of them. */
public final class WebhookBot {
    private static final String SHIPPED = "/sample-deliveries.jsonl";
    private static final int SHOWN = 100;

    private WebhookBot() {}

    /** Events go to standard output, one line of JSON each; everything else goes to standard error. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.parse(Arrays.asList(arguments), System.getenv("WEBHOOK_SECRET"));
        } catch (Options.Wrong wrong) {
            System.err.println("webhook-bot: " + wrong.getMessage());
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.err.print(Options.USAGE);
            return;
        }
        if (options.deliveries() != null
                && (Files.isDirectory(options.deliveries()) || !Files.isReadable(options.deliveries()))) {
            System.err.printf("webhook-bot: --deliveries is '%s', expected a file to read%n", options.deliveries());
            System.exit(2);
        }
        try (RunDatabase database = RunDatabase.open(options.runs().database())) {
            run(options, database);
        } catch (RunDatabase.NotOpened failed) {
            System.err.println("webhook-bot: " + failed.getMessage());
            System.exit(2);
        }
    }

    private static void run(Options options, RunDatabase database) throws IOException, InterruptedException {
        Workers workers = Workers.of(options);
        try (Telemetry telemetry = Telemetry.of(options.listeners());
                Ledger ledger = telemetry
                        .to(Ledger.builder()
                                .store(database.store())
                                .payloadStore(PayloadStore.inFolder(database.bodies()))
                                .sink(Slf4jSink.jsonMessage())
                                .carrier(ContextCarrier.mdc())
                                .queue(run -> workers.enqueue(run.id())))
                        .build()) {
            telemetry.watch(ledger, System.err);
            Bot bot = new Bot(ledger, workers, options);
            int left = new TakeUp(ledger, bot, options.runs().name()).run();
            if (left > 0) {
                System.err.printf("took up %s runs that were in flight%n", left);
            }
            Function<Delivery, Receipt> door = telemetry.traced(bot::accept);
            Tally tally = new Tally();
            if (options.deliveries() != null || options.port() < 0) {
                new Replay(door, workers, tally, options.deliveries() == null, System.err).run(recorded(options));
            }
            if (options.port() >= 0) {
                serve(options, workers, door, tally);
            } else if (options.listeners().metricsPort() >= 0) {
                awaitStop(); // a Prometheus comes round when it comes round
            }
            workers.stop();
            print(ledger.history().page(RunQuery.builder().limit(SHOWN).build()));
            System.err.println(tally.line());
            System.err.println("runs are kept in " + database.label());
        }
    }

    private static void print(RunHistory.Page newest) {
        if (newest.next().isPresent()) {
            System.err.printf("the newest %s runs:%n", SHOWN);
        }
        RunTable.print(newest.runs(), System.err);
    }

    private static List<Recorded> recorded(Options options) throws IOException {
        try (InputStream file = options.deliveries() == null ? shipped() : Files.newInputStream(options.deliveries())) {
            return DeliveryFile.read(file);
        }
    }

    private static InputStream shipped() {
        return Objects.requireNonNull(WebhookBot.class.getResourceAsStream(SHIPPED), SHIPPED);
    }

    /** Listens until the process is asked to stop. */
    private static void serve(Options options, Workers workers, Function<Delivery, Receipt> door, Tally tally)
            throws IOException, InterruptedException {
        if (!workers.isStarted()) {
            workers.start();
        }
        try (WebhookServer server =
                new WebhookServer(options.port(), options.capacity().maxBytes(), tally, door)) {
            System.err.printf("listening on http://localhost:%s/webhook%n", server.port());
            awaitStop();
        }
        workers.awaitIdle();
    }

    /** Waits until the process is asked to stop, which it then does when the caller has done the rest. */
    private static void awaitStop() throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopped.countDown();
            try {
                main.join(10_000); // let it print what became of the deliveries
            } catch (InterruptedException impatient) {
                Thread.currentThread().interrupt();
            }
        }));
        stopped.await();
    }
}
