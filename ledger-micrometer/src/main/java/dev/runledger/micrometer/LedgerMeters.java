package dev.runledger.micrometer;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.run.CallOutcome;
import dev.runledger.sink.EventSink;
import dev.runledger.store.StoreCommand;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Shows what waits in the store of a ledger, and how the ledger itself does: the gauges of {@link LedgerMeter}, and the counters whose
 * names begin with {@code ledger}.
 *
 * <p>One daemon thread reads the statistics of the store every 15 seconds by one small query. A scrape reads what the thread found, so a
 * store that is stuck or away delays nobody: the gauges keep their last values, and {@code ledger.snapshot.age} says how old those are.
 * The gauges of each workflow that the store has runs of are zero, and not absent, while none is in flight. The application closes it,
 * which stops the thread and removes the meters. If the registry was cleared, the meters come back with the next reading. Thread-safe.
 *
 * <p>Two ledgers on one registry need {@link Builder#tags tags} of their own. Otherwise the registry shows the meters of the first until they
 * are closed, and one warning says so.
 */
public final class LedgerMeters implements MeterBinder, AutoCloseable {
    private final Ledger ledger;
    private final Tags tags;
    private final StoreReading reading;

    private LedgerMeters(Builder builder) {
        this.ledger = builder.ledger;
        this.tags = builder.tags;
        this.reading = new StoreReading(ledger.statistics(), builder.every, builder.failedWithin);
    }

    /**
     * Returns the meters of this ledger, with the defaults of {@link #builder}.
     *
     * @throws IllegalStateException if the store of the ledger has no statistics
     */
    public static LedgerMeters of(Ledger ledger) {
        return builder(ledger).build();
    }

    /** Starts the meters of this ledger. */
    public static Builder builder(Ledger ledger) {
        return new Builder(ledger);
    }

    /** Builds {@link LedgerMeters}. Not thread-safe. */
    public static final class Builder {
        private final Ledger ledger;
        private Duration every = Duration.ofSeconds(15);
        private Duration failedWithin = Duration.ofDays(1);
        private Tags tags = Tags.empty();

        private Builder(Ledger ledger) {
            this.ledger = Objects.requireNonNull(ledger, "ledger");
        }

        /**
         * Sets how often the store is read. Default: every 15 seconds.
         *
         * @throws IllegalArgumentException if that is not positive
         */
        public Builder every(Duration every) {
            this.every = positive("every", every);
            return this;
        }

        /**
         * Sets for how long a failure counts as one that no success has followed. Default: a day.
         *
         * @throws IllegalArgumentException if that is not positive
         */
        public Builder failedWithin(Duration failedWithin) {
            this.failedWithin = positive("failedWithin", failedWithin);
            return this;
        }

        /** Adds tags of the application's own to every meter, as keys and values in turn. Default: none. */
        public Builder tags(String... keysAndValues) {
            this.tags = tags.and(keysAndValues);
            return this;
        }

        /**
         * Builds the meters.
         *
         * @throws IllegalArgumentException if a meter of the library has one of the tags
         * @throws IllegalStateException if the store of the ledger has no statistics
         */
        public LedgerMeters build() {
            Meters.requireFree(tags);
            return new LedgerMeters(this);
        }

        private static Duration positive(String name, Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("%s is %s, expected more than zero".formatted(name, duration));
            }
            return duration;
        }
    }

    /** Registers the meters and, the first time, starts to read the store. */
    @Override
    public void bindTo(MeterRegistry registry) {
        StateMeters meters = new StateMeters(registry, tags);
        WorkflowRunEvents events = ledger.events();
        events.counters().sinks().stream()
                .map(EventSink.Statistics::sink)
                .distinct()
                .forEach(name -> {
                    sinkCounter(meters, events, name, "delivered", EventSink.Statistics::delivered);
                    sinkCounter(meters, events, name, "failed", EventSink.Statistics::failed);
                    sinkCounter(meters, events, name, "dropped", EventSink.Statistics::dropped);
                });
        eventCounter(meters, events, LedgerMeter.VIOLATIONS, WorkflowRunEvents.Counters::contractViolations);
        eventCounter(meters, events, LedgerMeter.REDACTIONS, WorkflowRunEvents.Counters::redactions);
        eventCounter(meters, events, LedgerMeter.EVENTS_LOST, WorkflowRunEvents.Counters::rolledBack, "rolled_back");
        eventCounter(meters, events, LedgerMeter.EVENTS_LOST, WorkflowRunEvents.Counters::recursions, "recursion");
        eventCounter(
                meters, events, LedgerMeter.EVENTS_LOST, WorkflowRunEvents.Counters::buildFailures, "build_failure");
        Set<List<String>> counted = new HashSet<>();
        Runnable calls = () -> calls(meters, counted);
        calls.run();
        reading.bindTo(meters, calls);
    }

    /** Registers a counter for each result that a call had meanwhile: most calls never have most of them. */
    private void calls(StateMeters meters, Set<List<String>> counted) {
        ledger.calls()
                .forEach((call, results) -> results.keySet().forEach(result -> {
                    if (counted.add(List.of(call.code(), result.code()))) {
                        meters.functionCounter(
                                LedgerMeter.CALLS,
                                ledger,
                                each -> count(each, call, result),
                                call.code(),
                                result.code());
                    }
                }));
    }

    private static double count(Ledger ledger, StoreCommand.Call call, CallOutcome.Result result) {
        Map<CallOutcome.Result, Long> results = ledger.calls().getOrDefault(call, Map.of());
        return results.getOrDefault(result, 0L).doubleValue();
    }

    /** Registers a counter of all sinks with this name together. */
    private static void sinkCounter(
            StateMeters meters,
            WorkflowRunEvents events,
            String sink,
            String result,
            ToLongFunction<EventSink.Statistics> count) {
        meters.functionCounter(
                LedgerMeter.SINK_EVENTS,
                events,
                each -> (double) each.counters().sinks().stream()
                        .filter(one -> one.sink().equals(sink))
                        .mapToLong(count)
                        .sum(),
                sink,
                result);
    }

    private static void eventCounter(
            StateMeters meters,
            WorkflowRunEvents events,
            LedgerMeter meter,
            ToDoubleFunction<WorkflowRunEvents.Counters> count,
            String... tags) {
        meters.functionCounter(meter, events, each -> count.applyAsDouble(each.counters()), tags);
    }

    /** Stops reading the store, and removes the meters from their registries. */
    @Override
    public void close() {
        reading.close();
    }
}
