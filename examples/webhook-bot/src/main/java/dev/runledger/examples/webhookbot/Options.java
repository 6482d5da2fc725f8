package dev.runledger.examples.webhookbot;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/**
 * The command line.
 *
 * @param deliveries the file to replay, or null
 * @param port the port to listen on, or -1
 * @param secret the secret of the webhook's signatures
 * @param capacity how much it takes at once
 * @param runs where its runs are kept, and when they are given to another
 * @param listeners what listens beside the log
 * @param help whether the usage was asked for
 */
record Options(
        Path deliveries, int port, String secret, Capacity capacity, Runs runs, Listeners listeners, boolean help) {
    /**
     * How much is taken at once.
     *
     * @param workers how many threads execute runs
     * @param queue how many runs may wait for them
     * @param maxBytes how large a payload may be
     */
    record Capacity(int workers, int queue, int maxBytes) {}

    /**
     * Where runs are kept, and when they are taken from a bot that died.
     *
     * @param database a file, a URL of PostgreSQL, or null for a new file
     * @param lostAfter how long a bot on this database may be silent
     */
    record Runs(String database, Duration lostAfter) {}

    /**
     * What listens beside the log.
     *
     * @param metricsPort where Prometheus may scrape, or -1
     * @param otlp the OTLP endpoint that gets traces and log events, or null
     */
    record Listeners(int metricsPort, URI otlp) {}

    /** What the shipped deliveries are signed with; no secret of anybody's. */
    static final String SAMPLE_SECRET = "sample-secret-of-the-shipped-deliveries";

    static final String USAGE = """
            webhook-bot [--deliveries FILE] [--serve PORT] [--secret SECRET] [--db DATABASE] [--lost-after S]
                        [--metrics PORT] [--otlp URL] [--workers N] [--queue N] [--max-bytes N]

              --deliveries FILE  replay recorded deliveries: lines of {event, deliveryId, signature, payload},
                                 or the array of examples of the npm package @octokit/webhooks-examples
              --serve PORT       listen for deliveries on POST /webhook, after the replay where both are given
              --secret SECRET    what deliveries are signed with; or the variable WEBHOOK_SECRET
              --db DATABASE      where runs are kept: a SQLite file, or jdbc:postgresql://... (a new SQLite file, printed
                                 at the end); on one that it used before, the bot takes up what it left
              --lost-after S     the seconds of silence after which a bot on this database counts as dead (30)
              --metrics PORT     let Prometheus scrape http://localhost:PORT/metrics, also after the replay, until stopped
              --otlp URL         send traces and log events there by OTLP over HTTP, as to http://localhost:4318
              --workers N        threads that execute runs (2)
              --queue N          runs that may wait for them (8)
              --max-bytes N      the largest payload that is taken (1048576)

            With neither --deliveries nor --serve it replays the deliveries that it ships, and ends.
            """;

    /** What is wrong with the command line. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message);
        }
    }

    static Options parse(List<String> arguments, String secretFromEnvironment) throws Wrong {
        Path deliveries = null;
        int port = -1;
        String secret = secretFromEnvironment == null ? SAMPLE_SECRET : secretFromEnvironment;
        int workers = 2;
        int queue = 8;
        int maxBytes = 1 << 20;
        String database = null;
        int lostAfter = 30;
        int metricsPort = -1;
        URI otlp = null;
        boolean help = false;
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            switch (option) {
                case "--deliveries" -> deliveries = Path.of(value(option, rest));
                case "--serve" -> port = number(option, rest, 0, 65_535);
                case "--secret" -> secret = value(option, rest);
                case "--db" -> database = database(value(option, rest));
                case "--lost-after" -> lostAfter = number(option, rest, 1, 3_600);
                case "--metrics" -> metricsPort = number(option, rest, 0, 65_535);
                case "--otlp" -> otlp = endpoint(value(option, rest));
                case "--workers" -> workers = number(option, rest, 1, 64);
                case "--queue" -> queue = number(option, rest, 1, 100_000);
                case "--max-bytes" -> maxBytes = number(option, rest, 1, 1 << 28);
                case "--help", "-h" -> help = true;
                default -> throw new Wrong("unknown option '%s'; --help lists them".formatted(option));
            }
        }
        if (secret.isEmpty()) {
            throw new Wrong("--secret is empty: expected the secret that deliveries are signed with");
        }
        if (port >= 0 && secret.equals(SAMPLE_SECRET)) {
            throw new Wrong("--serve needs --secret or WEBHOOK_SECRET: the sample secret is known to everybody");
        }
        return new Options(
                deliveries,
                port,
                secret,
                new Capacity(workers, queue, maxBytes),
                new Runs(database, Duration.ofSeconds(lostAfter)),
                new Listeners(metricsPort, otlp),
                help);
    }

    private static String value(String option, Iterator<String> rest) throws Wrong {
        if (!rest.hasNext()) {
            throw new Wrong(option + " has no value; --help says what it expects");
        }
        return rest.next();
    }

    private static String database(String value) throws Wrong {
        if (value.isBlank() || (value.startsWith("jdbc:") && !value.startsWith("jdbc:postgresql:"))) {
            throw new Wrong("--db is '%s', expected a file or jdbc:postgresql://...".formatted(value));
        }
        return value;
    }

    private static URI endpoint(String value) throws Wrong {
        try {
            URI endpoint = new URI(value);
            if (("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
                    && endpoint.getHost() != null) {
                return endpoint;
            }
        } catch (URISyntaxException notAnAddress) {
            // reported below, with the value
        }
        throw new Wrong("--otlp is '%s', expected an address such as http://localhost:4318".formatted(value));
    }

    private static int number(String option, Iterator<String> rest, int least, int most) throws Wrong {
        String value = value(option, rest);
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // reported below, with the value
        }
        throw new Wrong("%s is '%s', expected a whole number from %s to %s".formatted(option, value, least, most));
    }
}
