package dev.runledger.micrometer;

import dev.runledger.history.RunStatistics;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the statistics of a store on a thread, and keeps what gauges show until the next time. Thread-safe. */
final class StoreReading implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerMeters.class);
    private static final int MOST_NAMES = 200;

    private final RunStatistics statistics;
    private final Duration every;
    private final Duration failedWithin;
    private final List<Gauges> bound = new CopyOnWriteArrayList<>();
    private final LongAdder failures = new LongAdder();
    private final long began = System.nanoTime();
    private volatile long readAt = began;
    /** Null when this is closed, so that the thread ends even if the store swallowed its interrupt. */
    private volatile @Nullable Thread thread;

    StoreReading(RunStatistics statistics, Duration every, Duration failedWithin) {
        this.statistics = statistics;
        this.every = every;
        this.failedWithin = failedWithin;
    }

    /** Registers the gauges and, the first time, starts the thread. */
    synchronized void bindTo(StateMeters meters, Runnable before) {
        bound.add(new Gauges(meters, before));
        meters.gauge(LedgerMeter.SNAPSHOT_AGE, this::ageSeconds);
        meters.functionCounter(LedgerMeter.SNAPSHOT_FAILURES, failures, LongAdder::sum);
        if (thread == null) {
            thread = new Thread(this::run, "ledger-meters");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private double ageSeconds() {
        return (double) (System.nanoTime() - readAt) / 1e9;
    }

    private void run() {
        try {
            while (thread == Thread.currentThread()) {
                read();
                Thread.sleep(every.toMillis());
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try {
            RunStatistics.Snapshot snapshot = statistics.snapshot(failedWithin);
            for (Gauges gauges : bound) {
                gauges.before.run();
                gauges.meters.renew();
                gauges.show(snapshot);
            }
            readAt = System.nanoTime();
        } catch (Throwable away) { // whatever it is, the next time may be better, and the age grows meanwhile
            if (failures.sum() == 0) {
                LOG.warn(
                        "The store could not be read for gauges ({}); they keep their last values",
                        away.getClass().getName());
            }
            failures.increment();
        }
    }

    /** Stops the thread and removes the meters. What the thread is reading now is shown nowhere. */
    @Override
    public synchronized void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            thread = null;
        }
        bound.forEach(gauges -> gauges.meters.remove());
        bound.clear();
    }

    /**
     * The gauges in one registry, each registered once, because a scrape may come while they change. A name that was seen once keeps its
     * series, at zero if nothing is there. So does a name that the snapshot knows.
     */
    private static final class Gauges {
        private final StateMeters meters;
        private final Runnable before;
        private final Map<LedgerMeter, Map<List<String>, Double>> values = new HashMap<>();
        private final Map<LedgerMeter, Map<List<String>, Shown>> shown = new HashMap<>();

        /**
         * Makes the gauges of one registry.
         *
         * @param before what is done before each reading is shown
         */
        Gauges(StateMeters meters, Runnable before) {
            this.meters = meters;
            this.before = before;
        }

        /** What one series shows. */
        private static final class Shown {
            private volatile double value;
        }

        /** Shows what the snapshot says. */
        void show(RunStatistics.Snapshot snapshot) {
            values.values().forEach(series -> series.replaceAll((tags, value) -> 0.0));
            for (RunStatistics.Group group : snapshot.inFlight()) {
                String workflow = group.workflowName();
                double count = (double) group.count();
                double age = seconds(group.since(), snapshot.at());
                for (RunState state : List.of(RunState.QUEUED, RunState.RUNNING, RunState.SUSPENDED)) {
                    add(LedgerMeter.RUN_ACTIVE, state == group.state() ? count : 0, workflow, tag(state));
                }
                boolean queued = group.state() == RunState.QUEUED;
                String queue = group.taskQueue().orElse("none");
                add(LedgerMeter.QUEUE_DEPTH, queued ? count : 0, queue);
                max(LedgerMeter.QUEUE_AGE, queued ? age : 0, queue);
                max(LedgerMeter.RUN_SUSPENDED_AGE, group.state() == RunState.SUSPENDED ? age : 0, workflow);
                add(LedgerMeter.RUN_FAILING, 0, workflow);
            }
            snapshot.failing().forEach((workflow, count) -> add(LedgerMeter.RUN_FAILING, count, workflow));
            values.forEach((meter, series) -> series.forEach((tags, value) -> shown(meter, tags).value = value));
        }

        private void add(LedgerMeter meter, double value, String... tags) {
            Map<List<String>, Double> series = series(meter);
            series.merge(key(series, tags), value, Double::sum);
        }

        private void max(LedgerMeter meter, double value, String... tags) {
            Map<List<String>, Double> series = series(meter);
            series.merge(key(series, tags), value, Double::max);
        }

        private Map<List<String>, Double> series(LedgerMeter meter) {
            return values.computeIfAbsent(meter, none -> new HashMap<>());
        }

        /** Returns the tags of a series: names beyond the cap share one. */
        private static List<String> key(Map<List<String>, Double> series, String... tags) {
            List<String> key = List.of(tags);
            if (series.containsKey(key) || series.size() < MOST_NAMES * (tags.length == 1 ? 1 : 3)) {
                return key;
            }
            tags[0] = Capped.OTHER;
            return List.of(tags);
        }

        private Shown shown(LedgerMeter meter, List<String> tags) {
            return shown.computeIfAbsent(meter, none -> new HashMap<>()).computeIfAbsent(tags, none -> {
                Shown series = new Shown();
                meters.gauge(meter, () -> series.value, tags.toArray(String[]::new));
                return series;
            });
        }

        private static String tag(RunState state) {
            return state.name().toLowerCase(Locale.ROOT);
        }

        private static double seconds(Instant from, Instant to) {
            return Math.max(0, (double) Duration.between(from, to).toMillis() / 1e3);
        }
    }
}
