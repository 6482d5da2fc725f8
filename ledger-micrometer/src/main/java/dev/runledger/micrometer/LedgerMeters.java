package dev.runledger.micrometer;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.run.CallOutcome;
import dev.runledger.sink.EventSink;
import dev.runledger.store.StoreCommand;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Shows what waits in the store of a ledger, and how the ledger itself does: the gauges of {@link LedgerMeter}, and the counters whose
 * names begin with {@code ledger}.
 *
 * <p>One daemon thread reads the statistics of the store every 15 seconds by one small query. A scrape reads what the thread found, so a
 * store that is stuck or away delays nobody: the gauges keep their last values, and {@code ledger.snapshot.age} says how old those are.
 * The application closes it, which stops the thread and leaves the meters with their last values. Thread-safe.
 */
public final class LedgerMeters implements MeterBinder, AutoCloseable {
    private final Ledger ledger;
    private final StoreReading reading;

    private LedgerMeters(Ledger ledger, Duration every, Duration failedWithin) {
        this.ledger = ledger;
        this.reading = new StoreReading(ledger.statistics(), every, failedWithin);
    }

    /**
     * Returns the meters of this ledger. The store is read every 15 seconds, and failures count for a day.
     *
     * @throws IllegalStateException if the store of the ledger has no statistics
     */
    public static LedgerMeters of(Ledger ledger) {
        return of(ledger, Duration.ofSeconds(15), Duration.ofDays(1));
    }

    /**
     * Returns the meters of this ledger.
     *
     * @param every how often the store is read
     * @param failedWithin for how long a failure counts as one that no success has followed
     * @throws IllegalArgumentException if either is not positive
     * @throws IllegalStateException if the store of the ledger has no statistics
     */
    public static LedgerMeters of(Ledger ledger, Duration every, Duration failedWithin) {
        Objects.requireNonNull(ledger, "ledger");
        positive("every", every);
        positive("failedWithin", failedWithin);
        return new LedgerMeters(ledger, every, failedWithin);
    }

    private static void positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("%s is %s, expected more than zero".formatted(name, duration));
        }
    }

    /** Registers the meters and, the first time, starts to read the store. */
    @Override
    public void bindTo(MeterRegistry registry) {
        Meters meters = new Meters(registry);
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
        for (StoreCommand.Call call : StoreCommand.Call.values()) {
            for (CallOutcome.Result result : CallOutcome.Result.values()) {
                meters.functionCounter(
                        LedgerMeter.CALLS, ledger, each -> count(each, call, result), call.code(), result.code());
            }
        }
        reading.bindTo(meters);
    }

    private static double count(Ledger ledger, StoreCommand.Call call, CallOutcome.Result result) {
        Map<CallOutcome.Result, Long> results = ledger.calls().getOrDefault(call, Map.of());
        return results.getOrDefault(result, 0L).doubleValue();
    }

    /** Registers a counter of all sinks with this name together. */
    private static void sinkCounter(
            Meters meters,
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
            Meters meters,
            WorkflowRunEvents events,
            LedgerMeter meter,
            ToDoubleFunction<WorkflowRunEvents.Counters> count,
            String... tags) {
        meters.functionCounter(meter, events, each -> count.applyAsDouble(each.counters()), tags);
    }

    /** Stops reading the store. */
    @Override
    public void close() {
        reading.close();
    }
}
