package dev.runledger.benchmarks;

import dev.runledger.benchmarks.StoreFork.Way;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;

/**
 * Runs the ways to keep a run's life, each in a fork of its own on tables of its own, in turns and within a turn in random order, and
 * prints medians and what each way comes to beside the floor within one turn, as {@link Compare} does.
 */
public final class StoreCompare {
    private static final int[] THREADS = {1, StoreFork.MOST_THREADS};
    private static final int WARM_UP_SECONDS = 8;
    private static final String[] METRICS = {"transitions a second", "CPU", "bytes"};

    private final int turns;
    private final int seconds;
    private final Map<String, Map<Way, double[][]>> measured = new LinkedHashMap<>();

    private StoreCompare(int turns, int seconds) {
        this.turns = turns;
        this.seconds = seconds;
    }

    /**
     * Compares the ways. Takes the number of turns, 12 by default and at least 6 for an interval of 95 %; the seconds that each fork measures, 5 by
     * default; and the databases, {@code postgresql} and {@code sqlite} by default.
     */
    public static void main(String[] arguments) throws Exception {
        Logging.quiet();
        int turns = arguments.length < 1 ? 12 : Integer.parseInt(arguments[0]);
        int seconds = arguments.length < 2 ? 5 : Integer.parseInt(arguments[1]);
        List<String> databases = arguments.length < 3
                ? List.of("postgresql", "sqlite")
                : List.of(arguments).subList(2, arguments.length);
        StoreCompare compare = new StoreCompare(turns, seconds);
        Path folder = Files.createTempDirectory("ledger-benchmark-");
        try (DurableServer server = databases.contains("postgresql") ? DurableServer.start() : null) {
            System.out.printf(
                    "PostgreSQL %s, the files on %s%n%n",
                    server == null ? "none" : server.version(),
                    Files.getFileStore(folder).type());
            for (int turn = 0; turn < turns; turn++) {
                for (String database : databases) {
                    for (int threads : THREADS) {
                        compare.turn(turn, database, threads, server, folder);
                    }
                }
                System.err.printf("turn %d of %d%n", turn + 1, turns);
            }
        } finally {
            delete(folder);
        }
        compare.print();
    }

    private void turn(int turn, String database, int threads, DurableServer server, Path folder) throws Exception {
        Map<Way, double[][]> ways =
                measured.computeIfAbsent(database + " | " + threads, key -> new EnumMap<>(Way.class));
        List<Way> order = new ArrayList<>(List.of(Way.values()));
        Collections.shuffle(order);
        for (Way way : order) {
            String name = "turn_%d_%s_%d".formatted(turn, way.name().toLowerCase(Locale.ROOT), threads);
            double[] scores;
            if (database.equals("sqlite")) {
                scores = fork(way, "jdbc:sqlite:" + folder.resolve(name), threads);
            } else {
                scores = fork(way, server.newDatabase(name), threads);
                server.drop(name);
            }
            double[][] all = ways.computeIfAbsent(way, key -> new double[METRICS.length][turns]);
            for (int i = 0; i < scores.length; i++) {
                all[i][turn] = scores[i];
            }
        }
    }

    private double[] fork(Way way, String url, int threads) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms1g", "-Xmx1g"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StoreFork.class.getName()));
        command.addAll(
                List.of(way.name(), url, "" + threads, Integer.toString(WARM_UP_SECONDS), Integer.toString(seconds)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            double[] scores = output.lines().mapToDouble(Double::parseDouble).toArray();
            if (process.waitFor() != 0 || scores.length != METRICS.length) {
                throw new IllegalStateException(
                        "fork failed: %s printed %s".formatted(command, Arrays.toString(scores)));
            }
            return scores;
        } finally {
            process.destroy();
        }
    }

    private void print() {
        System.out.println(
                "| database | threads | way | transitions/s | CPU µs | bytes |\n| --- | --- | --- | --- | --- | --- |");
        measured.forEach((group, ways) -> ways.forEach((way, scores) -> System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.0f | %.1f | %.0f |%n",
                group,
                way,
                Medians.of(scores[0]),
                Medians.of(scores[1]) / 1e3,
                Medians.of(scores[2]))));
        System.out.println(
                "\n| database | threads | beside byHand | throughput, ratio | CPU, ratio | CPU µs above | bytes above |\n"
                        + "| --- | --- | --- | --- | --- | --- | --- |");
        measured.forEach((group, ways) -> {
            for (Way way : List.of(Way.store, Way.ledger)) {
                double[][] ones = ways.get(way);
                double[][] floor = ways.get(Way.byHand);
                System.out.printf(
                        "| %s | %s | %s | %s | %s | %s |%n",
                        group,
                        way,
                        compared("%.3f", ones[0], floor[0], (x, y) -> x / y),
                        compared("%.3f", ones[1], floor[1], (x, y) -> x / y),
                        compared("%.1f", ones[1], floor[1], (x, y) -> (x - y) / 1e3),
                        compared("%.0f", ones[2], floor[2], (x, y) -> x - y));
            }
        });
    }

    private static String compared(String format, double[] ones, double[] others, DoubleBinaryOperator comparison) {
        return Medians.interval(format, Medians.within(ones, others, comparison));
    }

    /** Deletes a folder with everything in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            });
        }
    }
}
