package dev.runledger.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that keep one run after the other. */
final class Callers {
    private Callers() {}

    /** What some seconds of it came to: the CPU is that of this process. */
    record Kept(long runs, long nanos, long cpuNanos, double[] sortedMicros) {
        /** Returns the values by {@link PeerMetric#ordinal()}, with no number for what a client cannot know. */
        double[] values() {
            double[] values = new double[PeerMetric.values().length];
            Arrays.fill(values, Double.NaN);
            values[PeerMetric.RUNS.ordinal()] = runs * 1e9 / nanos;
            values[PeerMetric.P50.ordinal()] = micros(0.5);
            values[PeerMetric.P99.ordinal()] = micros(0.99);
            values[PeerMetric.P999.ordinal()] = micros(0.999);
            values[PeerMetric.CLIENT.ordinal()] = cpuNanos / 1e3 / runs;
            return values;
        }

        /** Returns the time below which this part of the calls stays. */
        private double micros(double part) {
            return sortedMicros[(int) (part * (sortedMicros.length - 1))];
        }
    }

    /** Lets so many callers keep runs with this peer for some seconds. Throws what a caller throws. */
    static Kept keep(Peer peer, int callers, int seconds) throws Exception {
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        List<Laps> laps = new ArrayList<>();
        List<Future<Long>> all = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            long cpu = process.getProcessCpuTime();
            long start = System.nanoTime();
            long end = start + Duration.ofSeconds(seconds).toNanos();
            for (int i = 0; i < callers; i++) {
                Laps own = new Laps();
                laps.add(own);
                all.add(threads.submit(() -> untilThen(end, peer, own)));
            }
            long runs = 0;
            for (Future<Long> each : all) {
                runs += each.get();
            }
            long nanos = System.nanoTime() - start;
            return new Kept(runs, nanos, process.getProcessCpuTime() - cpu, Laps.sortedMicros(laps));
        } finally {
            threads.shutdownNow();
        }
    }

    private static long untilThen(long end, Peer peer, Laps laps) throws Exception {
        long runs = 0;
        do {
            peer.keep(laps);
            runs++;
        } while (System.nanoTime() < end);
        return runs;
    }
}
