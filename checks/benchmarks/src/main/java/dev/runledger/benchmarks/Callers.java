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
    record Kept(long runs, long nanos, long cpuNanos, double medianMicros) {
        /** Returns the values by {@link PeerMetric#ordinal()}, with no number for what a client cannot know. */
        double[] values() {
            double[] values = new double[PeerMetric.values().length];
            Arrays.fill(values, Double.NaN);
            values[PeerMetric.RUNS.ordinal()] = runs * 1e9 / nanos;
            values[PeerMetric.CALL.ordinal()] = medianMicros;
            values[PeerMetric.CLIENT.ordinal()] = cpuNanos / 1e3 / runs;
            return values;
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
            return new Kept(runs, nanos, process.getProcessCpuTime() - cpu, Laps.medianMicros(laps));
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
