package dev.runledger.micrometer;

import dev.runledger.run.NewRun;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes meters in the registry of the application. A meter that it does not take counts nothing, with a single warning. Thread-safe. */
final class Meters {
    private static final Logger LOG = LoggerFactory.getLogger(MicrometerSink.class);

    /** The key of the tag that meters of runs and tasks have, always the last one. */
    private static final String CHANNEL = "channel";

    private final MeterRegistry registry;
    private final Tags common;
    private final @Nullable String channel;
    private final AtomicBoolean warned;

    /**
     * Makes meters of this registry.
     *
     * @param common the application's own tags, which every meter has too
     */
    Meters(MeterRegistry registry, Tags common) {
        this(registry, common, null, new AtomicBoolean());
    }

    /** Refuses tags that a meter of the library has itself. */
    static void requireFree(Tags common) {
        for (Tag tag : common) {
            for (LedgerMeter meter : LedgerMeter.values()) {
                if (meter.tags().contains(tag.getKey())) {
                    throw new IllegalArgumentException(
                            "the tag is '%s', expected one that the meters do not have: %s has the tags %s"
                                    .formatted(tag.getKey(), meter.meterName(), meter.tags()));
                }
            }
        }
    }

    private Meters(MeterRegistry registry, Tags common, @Nullable String channel, AtomicBoolean warned) {
        this.registry = registry;
        this.common = common;
        this.channel = channel;
        this.warned = warned;
    }

    /** Returns the same with the channel of the runs that are counted. */
    Meters of(NewRun.Channel counted) {
        return new Meters(registry, common, counted.code(), warned);
    }

    /** Warns if the registry has this meter already, so that others count in it too. */
    void warnIfCounted(LedgerMeter meter) {
        if (!registry.find(meter.meterName()).tags(common).meters().isEmpty() && warned.compareAndSet(false, true)) {
            LOG.warn(
                    "The registry has the meters of another sink already, and both count together: give each sink tags of its own");
        }
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

    /** Returns the tags of a meter in the order of its keys; the channel, if it has one, is known here. */
    Tags tags(LedgerMeter meter, String... given) {
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
        return common.and(tags);
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

    /** Warns that the registry has this very meter already. */
    void warnTaken(LedgerMeter meter, Tags tags) {
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "The registry has a meter {} with the tags {} already, and shows that one: close the meters of the other ledger, or"
                            + " give each ledger tags of its own",
                    meter.meterName(),
                    tags);
        }
    }

    /** Warns that the registry does not take this meter. */
    void warn(LedgerMeter meter, RuntimeException refused) {
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "The registry does not take the meter {} ({}); it counts nothing",
                    meter.meterName(),
                    refused.getClass().getName());
        }
    }
}
