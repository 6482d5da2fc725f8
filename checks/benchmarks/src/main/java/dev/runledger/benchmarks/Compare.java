package dev.runledger.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the variants fork by fork in turn, so that a slow minute of the machine slows them alike, and prints medians and the medians
 * of the ratios that were taken within one turn, with the interval that holds the true median with at least 95 %.
 */
final class Compare {
    private Compare() {}

    /** Compares the ways to emit an event; takes the number of turns, 12 by default, at least 6 for an interval of 95 %. */
    static void emission(String[] arguments) throws RunnerException {
        Map<String, Map<String, double[]>> measured = measured(
                EmissionBenchmark.class,
                arguments,
                List.of(
                        "keyValuesByHand",
                        "keyValues",
                        "jsonMessage",
                        "finishedString",
                        "nobodyListening",
                        "wholeRun"));
        print(
                measured,
                List.of(
                        List.of("keyValues", "keyValuesByHand"),
                        List.of("jsonMessage", "keyValuesByHand"),
                        List.of("nobodyListening", "keyValues"),
                        List.of("nobodyListening", "jsonMessage")));
        above(measured, "jsonMessage", "finishedString");
    }

    /** Compares the sinks of metrics and traces with what they call; takes the number of turns. */
    static void sinks(String[] arguments) throws RunnerException {
        Map<String, Map<String, double[]>> measured = measured(
                SinkBenchmark.class,
                arguments,
                List.of("metersByHand", "meters", "telemetryByHand", "telemetry", "allByHand", "all"));
        print(
                measured,
                List.of(
                        List.of("meters", "metersByHand"),
                        List.of("telemetry", "telemetryByHand"),
                        List.of("all", "allByHand")));
        above(measured, "meters", "metersByHand");
    }

    private static Map<String, Map<String, double[]>> measured(
            Class<?> benchmark, String[] arguments, List<String> variants) throws RunnerException {
        int turns = Arguments.of(arguments).number(0, "turns", 1, 12);
        Map<String, Map<String, double[]>> measured = new LinkedHashMap<>();
        for (int turn = 0; turn < turns; turn++) {
            for (String variant : variants) {
                measure(benchmark, variant, turn, turns, measured);
            }
            System.err.printf("turn %d of %d%n", turn + 1, turns);
        }
        return measured;
    }

    private static void print(Map<String, Map<String, double[]>> measured, List<List<String>> ratios) {
        System.out.println("| variant | time ns | CPU ns | bytes |\n| --- | --- | --- | --- |");
        measured.forEach((variant, metrics) -> System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f |%n",
                variant,
                Medians.of(metrics.get("time")),
                Medians.of(metrics.get(CpuProfiler.CPU)),
                Medians.of(metrics.get("bytes"))));
        System.out.println("\n| ratio | time | CPU | bytes |\n| --- | --- | --- | --- |");
        ratios.forEach(pair -> ratio(measured, pair.get(0), pair.get(1)));
    }

    private static void above(Map<String, Map<String, double[]>> measured, String one, String other) {
        double above = Medians.of(measured.get(one).get("bytes"))
                - Medians.of(measured.get(other).get("bytes"));
        System.out.printf(Locale.ROOT, "%n%s above %s: %.0f bytes%n", one, other, above);
    }

    private static void measure(
            Class<?> benchmark, String variant, int turn, int turns, Map<String, Map<String, double[]>> measured)
            throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include(benchmark.getName() + "." + variant + "$")
                        .forks(1)
                        .warmupIterations(4)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(4)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .addProfiler(CpuProfiler.class)
                        .jvmArgsAppend("-Xms1g", "-Xmx1g")
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .runSingle();
        Map<String, double[]> metrics = measured.computeIfAbsent(variant, name -> new LinkedHashMap<>());
        keep(metrics, "time", turn, turns, result.getPrimaryResult().getScore());
        for (Map.Entry<String, Result> metric : result.getSecondaryResults().entrySet()) {
            if (metric.getKey().endsWith(CpuProfiler.CPU)) {
                keep(metrics, CpuProfiler.CPU, turn, turns, metric.getValue().getScore());
            } else if (metric.getKey().endsWith("gc.alloc.rate.norm")) {
                keep(metrics, "bytes", turn, turns, metric.getValue().getScore());
            }
        }
    }

    private static void keep(Map<String, double[]> metrics, String name, int turn, int turns, double score) {
        metrics.computeIfAbsent(name, key -> new double[turns])[turn] = score;
    }

    private static void ratio(Map<String, Map<String, double[]>> measured, String one, String other) {
        List<String> columns = new ArrayList<>();
        for (String metric : List.of("time", CpuProfiler.CPU, "bytes")) {
            double[] ratios = Medians.within(
                    measured.get(one).get(metric), measured.get(other).get(metric), (x, y) -> x / y);
            columns.add(Medians.interval("%.3f", ratios));
        }
        System.out.printf("| %s / %s | %s |%n", one, other, String.join(" | ", columns));
    }
}
