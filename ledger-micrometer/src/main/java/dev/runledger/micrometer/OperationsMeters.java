package dev.runledger.micrometer;

import dev.runledger.operations.Operations;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Shows what the operations of a ledger do: the meters of {@link LedgerMeter} that begin with {@code ledger.instances}, {@code ledger.sweeper}
 * and {@code ledger.retention}. Needs {@code ledger-operations}. A scrape reads what was counted, and asks no store. The application closes it,
 * which removes the meters. Thread-safe.
 */
public final class OperationsMeters implements MeterBinder, AutoCloseable {
    private final Operations operations;
    private final Tags tags;
    private final List<StateMeters> bound = new ArrayList<>();

    private OperationsMeters(Operations operations, Tags tags) {
        this.operations = operations;
        this.tags = tags;
    }

    /**
     * Returns the meters of these operations.
     *
     * @param keysAndValues tags of the application's own for every meter, as keys and values in turn
     * @throws IllegalArgumentException if a meter of the library has one of the tags
     */
    public static OperationsMeters of(Operations operations, String... keysAndValues) {
        Tags tags = Tags.of(keysAndValues);
        Meters.requireFree(tags);
        return new OperationsMeters(Objects.requireNonNull(operations, "operations"), tags);
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        StateMeters meters = new StateMeters(registry, tags);
        meters.gauge(LedgerMeter.INSTANCES, () -> (double) operations.instances());
        meters.gauge(
                LedgerMeter.SWEEPER_AGE, () -> (double) operations.sinceSweep().toMillis() / 1_000);
        operations
                .counters()
                .recovered()
                .forEach((recovery, actions) -> actions.keySet()
                        .forEach(action -> counter(
                                meters,
                                LedgerMeter.SWEEPER_RUNS,
                                counters -> counters.recovered(recovery, action),
                                recovery.code(),
                                action)));
        counter(meters, LedgerMeter.SWEEPER_OFFERED, Operations.Counters::offered);
        counter(meters, LedgerMeter.SWEEPER_OVERDUE, Operations.Counters::overdue);
        counter(meters, LedgerMeter.SWEEPER_LOST, Operations.Counters::lostInstances);
        counter(meters, LedgerMeter.SWEEPER_FAILURES, Operations.Counters::failures);
        counter(meters, LedgerMeter.RETENTION_REMOVED, Operations.Counters::removedRuns, "runs");
        counter(meters, LedgerMeter.RETENTION_REMOVED, Operations.Counters::removedEvents, "events");
        counter(meters, LedgerMeter.RETENTION_REMOVED, Operations.Counters::removedPayloads, "payloads");
        counter(meters, LedgerMeter.RETENTION_REMOVED, Operations.Counters::removedRefusals, "refusals");
        bound.add(meters);
    }

    private void counter(
            StateMeters meters, LedgerMeter meter, ToDoubleFunction<Operations.Counters> count, String... values) {
        meters.functionCounter(meter, operations, each -> count.applyAsDouble(each.counters()), values);
    }

    /** Removes the meters from their registries. */
    @Override
    public synchronized void close() {
        bound.forEach(StateMeters::remove);
        bound.clear();
    }
}
