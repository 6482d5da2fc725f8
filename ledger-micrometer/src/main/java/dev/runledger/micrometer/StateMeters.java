package dev.runledger.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The gauges and counters of a state in one registry. The registry keeps what they show, and with it the class loader. So they are removed in
 * the end, and until then they come back if somebody else removed them. Thread-safe.
 */
final class StateMeters {
    private final MeterRegistry registry;
    private final Meters meters;
    private final List<Registration> registrations = new ArrayList<>();
    private boolean removed;

    /**
     * Makes none yet.
     *
     * @param common the application's own tags, which every meter has too
     */
    StateMeters(MeterRegistry registry, Tags common) {
        this.registry = registry;
        this.meters = new Meters(registry, common);
    }

    /** A meter, and how it is made. */
    private static final class Registration {
        private final LedgerMeter meter;
        private final Tags tags;
        private final Supplier<Meter> maker;
        private @Nullable Meter made;

        Registration(LedgerMeter meter, Tags tags, Supplier<Meter> maker) {
            this.meter = meter;
            this.tags = tags;
            this.maker = maker;
        }
    }

    /** Registers a gauge of what this supplies, which the registry keeps. */
    void gauge(LedgerMeter meter, Supplier<Number> value, String... values) {
        Tags tags = meters.tags(meter, values);
        register(
                meter,
                tags,
                () -> Gauge.builder(meter.meterName(), value)
                        .tags(tags)
                        .baseUnit(meter.unit().orElse(null))
                        .description(meter.meaning())
                        .register(registry));
    }

    /** Registers a counter of what an object has counted, which the registry does not keep. */
    <T> void functionCounter(LedgerMeter meter, T of, ToDoubleFunction<T> count, String... values) {
        Tags tags = meters.tags(meter, values);
        register(
                meter,
                tags,
                () -> FunctionCounter.builder(meter.meterName(), of, count)
                        .tags(tags)
                        .baseUnit(meter.unit().orElse(null))
                        .description(meter.meaning())
                        .register(registry));
    }

    private synchronized void register(LedgerMeter meter, Tags tags, Supplier<Meter> maker) {
        if (!removed) {
            Registration registration = new Registration(meter, tags, maker);
            registrations.add(registration);
            make(registration);
        }
    }

    /** Makes those again that are gone: the registry was cleared, or another one of the same name was removed. */
    synchronized void renew() {
        Set<Meter> there = there();
        for (Registration each : registrations) {
            if (each.made == null || !there.contains(each.made)) {
                make(each);
            }
        }
    }

    /** Removes them from the registry, for good. */
    synchronized void remove() {
        Set<Meter> there = there();
        for (Registration each : registrations) {
            if (each.made != null && there.contains(each.made)) {
                registry.remove(each.made);
            }
        }
        registrations.clear();
        removed = true;
    }

    /** Returns what the registry has, by identity: two meters of one id are equal. */
    private Set<Meter> there() {
        Set<Meter> there = Collections.newSetFromMap(new IdentityHashMap<>());
        there.addAll(registry.getMeters());
        return there;
    }

    /** Makes a meter, unless the registry has one of its id already, which it returns then. */
    private void make(Registration registration) {
        try {
            List<Meter> before =
                    List.copyOf(registry.find(registration.meter.meterName()).meters());
            Meter made = registration.maker.get();
            boolean taken = before.contains(made);
            registration.made = taken ? null : made;
            if (taken) {
                meters.warnTaken(registration.meter, registration.tags);
            }
        } catch (RuntimeException refused) {
            meters.warn(registration.meter, refused);
        }
    }
}
