package dev.runledger.micrometer;

import dev.runledger.run.NewRun;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.noop.NoopCounter;
import io.micrometer.core.instrument.noop.NoopDistributionSummary;
import io.micrometer.core.instrument.noop.NoopTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes meters in the registry of the application. A meter that it does not take counts nothing, with a single warning. */
final class Meters {
    private static final Logger LOG = LoggerFactory.getLogger(MicrometerSink.class);

    /** The key of the tag that meters of runs and tasks have, always the last one. */
    private static final String CHANNEL = "channel";

    private final MeterRegistry registry;
    private final @Nullable String channel;
    private final AtomicBoolean warned;

    Meters(MeterRegistry registry) {
        this(registry, null, new AtomicBoolean());
    }

    private Meters(MeterRegistry registry, @Nullable String channel, AtomicBoolean warned) {
        this.registry = registry;
        this.channel = channel;
        this.warned = warned;
    }

    /** Returns the same with the channel of the runs that are counted. */
    Meters of(NewRun.Channel counted) {
        return new Meters(registry, counted.code(), warned);
    }

    /** Returns the counter with these values of its tags. */
    Counter counter(LedgerMeter meter, String... values) {
        Tags tags = tags(meter, values);
        return made(
                meter,
                () -> Counter.builder(meter.meterName())
                        .tags(tags)
                        .baseUnit(meter.unit().orElse(null))
                        .description(meter.meaning())
                        .register(registry),
                () -> new NoopCounter(id(meter, tags, Meter.Type.COUNTER)));
    }

    /** Returns the timer with these values of its tags. */
    Timer timer(LedgerMeter meter, String... values) {
        Tags tags = tags(meter, values);
        return made(
                meter,
                () -> Timer.builder(meter.meterName())
                        .tags(tags)
                        .description(meter.meaning())
                        .serviceLevelObjectives(meter.buckets().toArray(Duration[]::new))
                        .register(registry),
                () -> new NoopTimer(id(meter, tags, Meter.Type.TIMER)));
    }

    /** Returns the summary with these values of its tags. */
    DistributionSummary summary(LedgerMeter meter, String... values) {
        Tags tags = tags(meter, values);
        return made(
                meter,
                () -> DistributionSummary.builder(meter.meterName())
                        .tags(tags)
                        .baseUnit(meter.unit().orElse(null))
                        .description(meter.meaning())
                        .register(registry),
                () -> new NoopDistributionSummary(id(meter, tags, Meter.Type.DISTRIBUTION_SUMMARY)));
    }

    /** Registers a gauge of what this supplies, which the registry keeps. */
    void gauge(LedgerMeter meter, Supplier<Number> value, String... values) {
        registered(
                meter,
                () -> Gauge.builder(meter.meterName(), value)
                        .tags(tags(meter, values))
                        .baseUnit(meter.unit().orElse(null))
                        .description(meter.meaning())
                        .register(registry));
    }

    /** Registers a counter of what an object has counted, which the registry does not keep. */
    <T> void functionCounter(LedgerMeter meter, T of, ToDoubleFunction<T> count, String... values) {
        registered(
                meter,
                () -> FunctionCounter.builder(meter.meterName(), of, count)
                        .tags(tags(meter, values))
                        .baseUnit(meter.unit().orElse(null))
                        .description(meter.meaning())
                        .register(registry));
    }

    /** Returns the tags of a meter in the order of its keys; the channel, if it has one, is known here. */
    private Tags tags(LedgerMeter meter, String... given) {
        List<String> values = new ArrayList<>(List.of(given));
        if (channel != null && meter.tags().contains(CHANNEL)) {
            values.add(channel);
        }
        if (values.size() != meter.tags().size()) {
            throw new IllegalArgumentException(
                    "%s has the tags %s, got %s values".formatted(meter.meterName(), meter.tags(), values.size()));
        }
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            tags.add(Tag.of(meter.tags().get(i), values.get(i)));
        }
        return Tags.of(tags);
    }

    private static Meter.Id id(LedgerMeter meter, Tags tags, Meter.Type type) {
        return new Meter.Id(meter.meterName(), tags, meter.unit().orElse(null), meter.meaning(), type);
    }

    /** Makes a meter. An application that has one of this name with other tags, or of another kind, must not lose a transition to that. */
    private <M> M made(LedgerMeter meter, Supplier<M> maker, Supplier<M> none) {
        try {
            return maker.get();
        } catch (RuntimeException refused) {
            warn(meter, refused);
            return none.get();
        }
    }

    private void registered(LedgerMeter meter, Runnable registration) {
        try {
            registration.run();
        } catch (RuntimeException refused) {
            warn(meter, refused);
        }
    }

    private void warn(LedgerMeter meter, RuntimeException refused) {
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "The registry does not take the meter {} ({}); it counts nothing",
                    meter.meterName(),
                    refused.getClass().getName());
        }
    }
}
