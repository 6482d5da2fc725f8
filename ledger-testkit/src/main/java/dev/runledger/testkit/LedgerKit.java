package dev.runledger.testkit;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.LedgerEvent;
import dev.runledger.store.RunStore;
import dev.runledger.store.RunStore.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Gives one test what it needs of the ledger: a ledger, a recorder of all events, a clock that the test moves, and ids of its own.
 * {@link LedgerExtension} makes a kit for each test, verifies it and closes it.
 *
 * <p>A kit is strict: what production only counts is a {@link Breach}, and {@link #verify} fails because of it. Thread-safe: events from
 * any thread are seen.
 */
public final class LedgerKit implements AutoCloseable {
    private static final Duration FLUSH = Duration.ofSeconds(10);
    private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");
    private static final int KEPT_ENDED = 10_000;

    private final RecordingSink recorder;
    private final WorkflowRunEvents events;
    private final @Nullable Own own;
    private final List<Breach> shown = new CopyOnWriteArrayList<>();
    private final List<Witness> witnesses = new CopyOnWriteArrayList<>();
    private final Set<Breach.Kind> tolerated = EnumSet.noneOf(Breach.Kind.class);
    private final SecretCanary canary = new SecretCanary();
    private final CounterChecks counters;

    /** What a kit makes itself, unless it is put around the events of an application. */
    private record Own(Ledger ledger, MutableClock clock, Supplier<String> ids) {}

    private LedgerKit(
            RecordingSink recorder, WorkflowRunEvents events, @Nullable Own own, @Nullable Set<String> customFields) {
        this.recorder = recorder;
        this.events = events;
        this.own = own;
        this.counters = new CounterChecks(events);
        EventChecks checks = new EventChecks(recorder::openTransaction, customFields);
        recorder.watcher(recorded -> {
            shown.addAll(checks.of(recorded));
            counters.onEmitted(recorded);
        });
        if (own != null) {
            witnesses.add(Witness.ofStore(own.ledger().history()));
        }
    }

    /** Returns a kit with a ledger in memory at the beginning of 2026, and every default. */
    public static LedgerKit strict() {
        return builder().build();
    }

    /** Starts from the defaults of {@link #strict}. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns a kit around events that the application has made, in a Spring context for example: those of {@code ledger.events()}, to
     * which this recorder was given as a sink. The recorder is cleared. Tests that share a context must not run at the same time.
     */
    public static LedgerKit around(WorkflowRunEvents events, RecordingSink recorder) {
        recorder.clear();
        return new LedgerKit(recorder, events, null, null);
    }

    /**
     * Returns the ledger of this test.
     *
     * @throws IllegalStateException if the kit is around the events of an application
     */
    public Ledger ledger() {
        return own().ledger();
    }

    /** Returns what emits the events of the ledger. */
    public WorkflowRunEvents events() {
        return events;
    }

    /** Returns the recorder of all events. */
    public RecordingSink recorder() {
        return recorder;
    }

    /**
     * Returns the clock of the ledger.
     *
     * @throws IllegalStateException if the kit is around the events of an application
     */
    public MutableClock clock() {
        return own().clock();
    }

    /**
     * Returns where the ids of the ledger come from.
     *
     * @throws IllegalStateException if the kit is around the events of an application
     */
    public Supplier<String> ids() {
        return own().ids();
    }

    /** Returns what makes secrets that must not show up anywhere. Once it has made one, a redaction is expected and no breach. */
    public SecretCanary canary() {
        return canary;
    }

    /** Returns the same data source, watched: an event that this thread emits inside a transaction of it is a breach. */
    public DataSource watch(DataSource dataSource) {
        return recorder.watch(dataSource);
    }

    /**
     * Returns the same unit of work, watched: an event that its thread emits between its first change and its commit or rollback is a
     * breach.
     */
    public UnitOfWork watch(UnitOfWork unit) {
        return new WatchedUnit(unit, recorder.units());
    }

    /** Adds a place that receives events, for {@link FanOutAssert#reachedEveryWitness} and the canary. It is closed with the kit. */
    public LedgerKit witness(Witness witness) {
        witnesses.add(Objects.requireNonNull(witness, "witness"));
        return this;
    }

    /** Accepts breaches of these kinds in this test, which causes them on purpose. */
    public synchronized LedgerKit tolerate(Breach.Kind... kinds) {
        tolerated.addAll(List.of(kinds));
        return this;
    }

    /** Returns every place that receives events: the store of the kit's own ledger, and what was added. */
    public List<Witness> witnesses() {
        return List.copyOf(witnesses);
    }

    /** Waits until the queued sinks were given what was emitted so far, and returns the recorder. */
    public RecordingSink settled() {
        boolean interrupted = Thread.interrupted(); // or the flush would give up at once
        try {
            if (!events.flush(FLUSH)) {
                throw new AssertionError("the queued sinks did not take within %s what was emitted: %s"
                        .formatted(FLUSH, events.counters().sinks()));
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return recorder;
    }

    /** Returns what has been breached so far and is not tolerated. Waits for the queued sinks. */
    public synchronized List<Breach> breaches() {
        settled();
        List<RecordedEvent> recorded = recorder.recorded();
        List<Breach> all = new ArrayList<>(shown);
        History.all(recorded).forEach(run -> all.addAll(OrderCheck.of(run)));
        if (own != null) {
            all.addAll(PayloadChecks.of(recorded, own.ledger().history()));
        }
        all.addAll(counters.atEnd(all));
        all.addAll(leaks());
        all.removeIf(breach ->
                tolerated.contains(breach.kind()) || (canary.isPlanted() && breach.kind() == Breach.Kind.REDACTED));
        return List.copyOf(all);
    }

    private List<Breach> leaks() {
        List<Breach> leaks = new ArrayList<>();
        if (!canary.isPlanted()) {
            return leaks;
        }
        for (RecordedEvent recorded : recorder.recorded()) {
            canary.leakIn(List.of(EventWitness.text(recorded.event())))
                    .ifPresent(plant -> leaks.add(EventChecks.breach(
                            Breach.Kind.LEAKED, recorded, "shows %s to every sink".formatted(plant))));
        }
        List<LedgerEvent> emitted = recorder.events();
        for (Witness witness : witnesses) {
            canary.leakIn(witness.texts(emitted))
                    .ifPresent(plant -> leaks.add(new Breach(
                            Breach.Kind.LEAKED, "%s can be read in: %s".formatted(plant, witness.name()), null)));
        }
        return leaks;
    }

    /**
     * Verifies that nothing was breached.
     *
     * @throws AssertionError with all breaches and the history; its first frame is the line of the application that caused the first
     */
    public void verify() {
        List<Breach> breaches = breaches();
        if (!breaches.isEmpty()) {
            throw BreachError.of(breaches, recorder.recorded());
        }
    }

    /** Closes the ledger that the kit made, and the witnesses that it was given. Verifies nothing. */
    @Override
    public void close() {
        recorder.watcher(recorded -> {});
        if (own != null) {
            own.ledger().close();
        }
        IllegalStateException failure = null;
        for (Witness witness : witnesses) {
            try {
                if (witness instanceof AutoCloseable closeable) {
                    closeable.close();
                }
            } catch (Exception failed) { // the others are closed all the same
                failure = failure == null ? new IllegalStateException("a witness could not be closed") : failure;
                failure.addSuppressed(failed);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private Own own() {
        if (own == null) {
            throw new IllegalStateException(
                    "this kit is around the events of an application: ask the application for its ledger, clock and ids");
        }
        return own;
    }

    /** Builds a {@link LedgerKit}. Not thread-safe. */
    public static final class Builder {
        private UnaryOperator<Ledger.Builder> ledger = builder -> builder;
        private Instant start = NEW_YEAR;
        private String name = UUID.randomUUID().toString().substring(0, 8);
        private @Nullable Supplier<String> ids;
        private @Nullable Set<String> customFields;

        private Builder() {}

        /** Sets the first time of the clock. Default: the beginning of 2026, in UTC. */
        public Builder startingAt(Instant start) {
            this.start = Objects.requireNonNull(start, "start");
            return this;
        }

        /** Sets what the ids of this test begin with: {@code <name>-1}, {@code <name>-2} and so on. Default: something random. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Sets where ids come from. Default: numbered names. */
        public Builder ids(Supplier<String> ids) {
            this.ids = Objects.requireNonNull(ids, "ids");
            return this;
        }

        /**
         * Sets what else the ledger has: sinks, plugins, carriers, limits, or a store, which the test closes. The operator is given a
         * builder that has the kit's clock, its ids and a store in memory. The recorder is added last, so that it knows what the other
         * sinks dropped.
         */
        public Builder ledger(UnaryOperator<Ledger.Builder> ledger) {
            this.ledger = Objects.requireNonNull(ledger, "ledger");
            return this;
        }

        /** Sets the only custom fields that events may have. Default: any. */
        public Builder onlyCustomFields(String... names) {
            this.customFields = Set.of(names);
            return this;
        }

        /** Returns the kit, and starts the threads of its queued sinks. */
        public LedgerKit build() {
            MutableClock clock = MutableClock.at(start);
            AtomicLong number = new AtomicLong();
            String prefix = name;
            Supplier<String> supplier = ids != null ? ids : () -> prefix + "-" + number.incrementAndGet();
            RecordingSink recorder = new RecordingSink();
            Ledger.Builder defaults =
                    Ledger.builder().clock(clock).ids(supplier).store(RunStore.inMemory(clock, KEPT_ENDED));
            Ledger made = ledger.apply(defaults).sink(recorder).build();
            return new LedgerKit(recorder, made.events(), new Own(made, clock, supplier), customFields);
        }
    }
}
