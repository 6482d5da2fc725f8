package dev.runledger.benchmarks;

import ch.qos.logback.classic.Level;
import dev.runledger.jdbi.Database;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Compares the ledger with what a user would pick instead, all in this process. In each round every peer gets one window for each number
 * of callers, in random order, and ratios are taken within a round.
 */
final class PeerCompare {
    /** In the round before the first, so that everything is compiled. */
    private static final int WARM_UP_CALLERS = 8;

    private static final int WARM_UP_SECONDS = 8;
    private static final int ROUNDS_FOR_AN_INTERVAL = 6;
    private static final List<PeerMetric> RATIOS =
            List.of(PeerMetric.RUNS, PeerMetric.P99, PeerMetric.CLIENT, PeerMetric.SERVER, PeerMetric.WAL);

    private final int rounds;
    private final List<Integer> callers;
    private final int seconds;
    private final Map<PeerGround, Map<Integer, Map<String, double[][]>>> measured = new LinkedHashMap<>();

    private PeerCompare(int rounds, List<Integer> callers, int seconds) {
        this.rounds = rounds;
        this.callers = callers;
        this.seconds = seconds;
    }

    /**
     * Compares the peers. Takes the number of rounds, 12 by default and at least 6 for an interval of 95 %; the numbers of callers,
     * {@code 1,8} by default; the seconds of each window, 3 by default; and the databases, both by default.
     */
    static void main(String[] arguments) throws Exception {
        Logging.quiet(Level.ERROR); // what is less would stand between the lines of the table
        Arguments given = Arguments.of(arguments);
        int rounds = given.number(0, "rounds", 1, 12);
        List<Integer> callers = given.numbers(1, "callers", 1, "1,8");
        int seconds = given.number(2, "seconds", 1, 3);
        List<Database> databases = given.constants(3, "databases", Database.class);
        PeerCompare compare = new PeerCompare(rounds, callers, seconds);
        try (PostgresGround postgres = PostgresGround.start();
                SqliteGround sqlite = SqliteGround.start()) {
            System.out.printf(
                    "%s and %s, the files on %s, a pool of %d, %d rounds, windows of %d s, Java %s, %d processors%n",
                    postgres.name(),
                    sqlite.name(),
                    sqlite.files(),
                    PostgresGround.POOL,
                    rounds,
                    seconds,
                    Runtime.version(),
                    Runtime.getRuntime().availableProcessors());
            compare.measure(databases.stream()
                    .map(database -> switch (database) {
                        case POSTGRESQL -> postgres;
                        case SQLITE -> sqlite;
                    })
                    .toList());
            compare.print();
        }
    }

    private void measure(List<PeerGround> grounds) throws Exception {
        for (PeerGround ground : grounds) {
            for (String peer : shuffled(ground.peers())) {
                System.err.printf("warm-up: %s, %s%n", ground.name(), peer);
                ground.window(peer, WARM_UP_CALLERS, WARM_UP_SECONDS);
            }
        }
        for (int round = 0; round < rounds; round++) {
            for (PeerGround ground : grounds) {
                for (int many : callers) {
                    round(round, ground, many);
                }
            }
        }
    }

    private void round(int round, PeerGround ground, int many) throws Exception {
        Map<String, double[][]> peers = measured.computeIfAbsent(ground, key -> new LinkedHashMap<>())
                .computeIfAbsent(many, key -> new LinkedHashMap<>());
        ground.peers()
                .forEach(peer -> peers.computeIfAbsent(peer, key -> new double[PeerMetric.values().length][rounds]));
        List<String> order = shuffled(ground.peers());
        System.err.printf(
                "round %d of %d: %s, %s: %s%n",
                round + 1, rounds, ground.name(), callers(many), String.join(", ", order));
        for (String peer : order) {
            double[] values = ground.window(peer, many, seconds);
            for (PeerMetric metric : PeerMetric.values()) {
                peers.get(peer)[metric.ordinal()][round] = values[metric.ordinal()];
            }
        }
    }

    private static List<String> shuffled(List<String> peers) {
        List<String> order = new ArrayList<>(peers);
        Collections.shuffle(order);
        return order;
    }

    private static String callers(int many) {
        return many == 1 ? "1 caller" : many + " callers";
    }

    // ---- the tables

    private void print() {
        measured.forEach((ground, groups) -> groups.forEach((many, peers) -> {
            System.out.printf("%n%s, %s%n%n", ground.name(), callers(many));
            medians(ground.metrics(), peers);
            ratios(ground.metrics(), peers);
        }));
        if (rounds < ROUNDS_FOR_AN_INTERVAL) {
            System.out.printf(
                    "%nAn interval of 95 %% takes %d rounds. With %d it is from the lowest ratio to the highest.%n",
                    ROUNDS_FOR_AN_INTERVAL, rounds);
        }
    }

    private static void medians(List<PeerMetric> metrics, Map<String, double[][]> peers) {
        List<String> titles =
                new ArrayList<>(metrics.stream().map(PeerMetric::titleWithUnit).toList());
        titles.add(1, "× floor");
        head("peer", titles);
        double[] floor = peers.get(PeerGround.FLOOR)[PeerMetric.RUNS.ordinal()];
        peers.forEach((peer, values) -> {
            List<String> figures = new ArrayList<>(metrics.stream()
                    .map(metric -> PeerMetric.figure(Medians.of(values[metric.ordinal()])))
                    .toList());
            double[] ratios = Medians.within(values[PeerMetric.RUNS.ordinal()], floor, (x, y) -> x / y);
            figures.add(1, String.format(Locale.ROOT, "%.2f", Medians.of(ratios)));
            row(peer, figures);
        });
    }

    private static void ratios(List<PeerMetric> metrics, Map<String, double[][]> peers) {
        List<PeerMetric> compared = RATIOS.stream().filter(metrics::contains).toList();
        System.out.println();
        head("ratio", compared.stream().map(PeerMetric::title).toList());
        double[][] ledger = peers.get(PeerGround.LEDGER);
        peers.forEach((peer, values) -> {
            if (!peer.equals(PeerGround.LEDGER)) {
                row(
                        PeerGround.LEDGER + " / " + peer,
                        compared.stream()
                                .map(metric -> ratio(ledger[metric.ordinal()], values[metric.ordinal()]))
                                .toList());
            }
        });
    }

    private static String ratio(double[] ledger, double[] peer) {
        double[] ratios = Medians.within(ledger, peer, (x, y) -> x / y);
        return Double.isNaN(Medians.of(ratios)) ? PeerMetric.figure(Double.NaN) : Medians.interval("%.3f", ratios);
    }

    private static void head(String first, List<String> titles) {
        row(first, titles);
        row("---", titles.stream().map(title -> "---").toList());
    }

    private static void row(String first, List<String> cells) {
        System.out.println(cells.stream().collect(Collectors.joining(" | ", "| " + first + " | ", " |")));
    }
}
