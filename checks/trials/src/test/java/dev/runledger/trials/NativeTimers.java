package dev.runledger.trials;

import io.micrometer.core.instrument.AbstractTimer;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A Prometheus registry whose timers are native histograms, which Micrometer's own cannot make. A scrape as text shows the classic buckets of
 * the same names. To be copied. Thread-safe.
 */
final class NativeTimers extends PrometheusMeterRegistry {
    private final Map<String, Family> families = new ConcurrentHashMap<>();

    NativeTimers() {
        super(PrometheusConfig.DEFAULT);
        config().onMeterRemoved(this::forget);
    }

    /** The timers of one name. */
    private record Family(List<String> keys, Histogram histogram) {}

    @Override
    protected Timer newTimer(Meter.Id id, DistributionStatisticConfig statistics, PauseDetector pauses) {
        String name = getConventionName(id);
        List<String> keys = getConventionTags(id).stream().map(Tag::getKey).toList();
        Family family = families.computeIfAbsent(name, none -> new Family(keys, histogram(id, keys, statistics)));
        if (!family.keys().equals(keys)) {
            throw new IllegalArgumentException(
                    "the timer %s has the tags %s, expected %s".formatted(name, keys, family.keys()));
        }
        return new NativeTimer(id, clock, statistics, pauses, family.histogram().labelValues(values(id)));
    }

    private Histogram histogram(Meter.Id id, List<String> keys, DistributionStatisticConfig statistics) {
        Histogram.Builder builder = Histogram.builder()
                .name(getConventionName(id))
                .help(id.getDescription() == null ? " " : id.getDescription())
                .labelNames(keys.toArray(String[]::new));
        double[] nanos = statistics.getServiceLevelObjectiveBoundaries();
        if (nanos != null) {
            builder.classicUpperBounds(
                    Arrays.stream(nanos).map(bound -> bound / 1e9).toArray());
        }
        return builder.register(getPrometheusRegistry());
    }

    private String[] values(Meter.Id id) {
        return getConventionTags(id).stream().map(Tag::getValue).toArray(String[]::new);
    }

    private void forget(Meter meter) {
        Family family = families.get(getConventionName(meter.getId()));
        if (family != null && meter instanceof NativeTimer) {
            family.histogram().remove(values(meter.getId()));
        }
    }

    private static final class NativeTimer extends AbstractTimer {
        private final DistributionDataPoint histogram;
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final TimeWindowMax max;

        NativeTimer(
                Meter.Id id,
                Clock clock,
                DistributionStatisticConfig statistics,
                PauseDetector pauses,
                DistributionDataPoint histogram) {
            super(id, clock, DistributionStatisticConfig.NONE, pauses, TimeUnit.SECONDS, false);
            this.histogram = histogram;
            this.max = new TimeWindowMax(clock, statistics);
        }

        @Override
        protected void recordNonNegative(long amount, TimeUnit unit) {
            long taken = unit.toNanos(amount);
            histogram.observe(taken / 1e9);
            count.increment();
            nanos.add(taken);
            max.record(taken, TimeUnit.NANOSECONDS);
        }

        @Override
        public long count() {
            return count.sum();
        }

        @Override
        public double totalTime(TimeUnit unit) {
            return nanos.sum() / (double) unit.toNanos(1);
        }

        @Override
        public double max(TimeUnit unit) {
            return max.poll(unit);
        }
    }
}
