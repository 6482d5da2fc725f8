package dev.runledger.examples.webhookbot;

import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

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
        Tally tally = new Tally();
        try (Application bot = Application.start(options, database, System.err)) {
            if (options.deliveries() != null || options.port() < 0) {
                new Replay(bot::accept, bot.workers(), tally, options.deliveries() == null, System.err)
                        .run(recorded(options));
                bot.operations().sweep(); // which ends ships: whoever reads the table does not wait for the next sweep
            }
            if (options.port() >= 0) {
                serve(options, bot, tally);
            } else if (options.listeners().metricsPort() >= 0) {
                awaitStop(); // a Prometheus comes round when it comes round
            }
            print(bot.ledger().history());
        }
        System.err.println(tally.line());
        System.err.println("runs are kept in " + database.label());
    }

    private static void print(RunHistory history) {
        try {
            RunHistory.Page newest =
                    history.page(RunQuery.builder().limit(SHOWN).build());
            if (newest.next().isPresent()) {
                System.err.printf("the newest %s runs:%n", SHOWN);
            }
            RunTable.print(newest.runs(), System.err);
        } catch (StoreException away) {
            System.err.println("the runs cannot be read: " + away.getMessage());
        }
    }

    private static List<Recorded> recorded(Options options) throws IOException {
        try (InputStream file = options.deliveries() == null ? shipped() : Files.newInputStream(options.deliveries())) {
            return DeliveryFile.read(file);
        }
    }

    private static InputStream shipped() {
        return Objects.requireNonNull(WebhookBot.class.getResourceAsStream(SHIPPED), SHIPPED);
    }

    /** Listens until the process is asked to stop, and lets the runs that came in by then end. */
    private static void serve(Options options, Application bot, Tally tally) throws IOException, InterruptedException {
        if (!bot.workers().isStarted()) {
            bot.workers().start();
        }
        try (WebhookServer server = new WebhookServer(
                options.port(),
                options.capacity().maxBytes(),
                tally,
                bot::accept,
                bot.operations()::health,
                System.err)) {
            System.err.printf("listening on http://localhost:%s/webhook%n", server.port());
            awaitStop();
        }
        bot.workers().close();
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
