package dev.runledger.testkit;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.LedgerEvent;
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
 * What one test has of the ledger: a ledger and its events, the recorder that hears everything, a clock that the test moves, ids that
 * can be told apart, and everything that makes it strict. {@link LedgerExtension} makes one for each test, and verifies and closes it.
 *
 * <p>Strict means that what production only counts is a {@link Breach}, and that {@link #verify} fails over it. Thread-safe: what is told
 * on any thread is seen.
 */
public final class LedgerKit implements AutoCloseable {
    private static final Duration FLUSH = Duration.ofSeconds(10);
    private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

    private final RecordingSink recorder;
    private final WorkflowRunEvents events;
    private final @Nullable Own own;
    private final List<Breach> shown = new CopyOnWriteArrayList<>();
    private final List<Witness> witnesses = new CopyOnWriteArrayList<>();
    private final Set<Breach.Kind> tolerated = EnumSet.noneOf(Breach.Kind.class);
    private final SecretCanary canary = new SecretCanary();
    private final CounterChecks counters;

    /** What a kit has made itself, and a host has made where a kit is put around its events. */
    private record Own(Ledger ledger, MutableClock clock, Supplier<String> ids) {}

    private LedgerKit(
            RecordingSink recorder, WorkflowRunEvents events, @Nullable Own own, @Nullable Set<String> ownFields) {
        this.recorder = recorder;
        this.events = events;
        this.own = own;
        this.counters = new CounterChecks(events);
        EventChecks checks = new EventChecks(recorder.transactions(), ownFields);
        recorder.watcher(told -> {
            shown.addAll(checks.of(told));
            counters.onTold(told);
        });
        if (own != null) {
            witnesses.add(Witness.ofStore(own.ledger().history()));
        }
    }

    /** A ledger in memory at the beginning of 2026, with every default. */
    public static LedgerKit strict() {
        return builder().build();
    }

    /** Starts from the defaults of {@link #strict}. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A kit around events that a host has made, in a Spring context for example, to which this recorder belongs. The recorder begins
     * anew. Tests that share a context must not run at the same time.
     */
    public static LedgerKit around(WorkflowRunEvents events, RecordingSink recorder) {
        recorder.clear();
        return new LedgerKit(recorder, events, null, null);
    }

    /** The ledger of this test. Throws an {@link IllegalStateException} where the kit is around a host's events. */
    public Ledger ledger() {
        return own().ledger();
    }

    /** What tells the events. */
    public WorkflowRunEvents events() {
        return events;
    }

    /** What was told. */
    public RecordingSink recorder() {
        return recorder;
    }

    /** The clock of the ledger. Throws an {@link IllegalStateException} where the kit is around a host's events. */
    public MutableClock clock() {
        return own().clock();
    }

    /** Where ids come from. Throws an {@link IllegalStateException} where the kit is around a host's events. */
    public Supplier<String> ids() {
        return own().ids();
    }

    /** Makes secrets that must not show up anywhere; from then on, that something is redacted is as it should be. */
    public SecretCanary canary() {
        return canary;
    }

    /** The same data source, watched: while this thread has a transaction open on it, nothing may be told. */
    public DataSource watch(DataSource dataSource) {
        return recorder.watch(dataSource);
    }

    /** The same unit of work, watched: from its first change until it tells, nothing else may be told on its thread. */
    public UnitOfWork watch(UnitOfWork unit) {
        return new WatchedUnit(unit, recorder.transactions());
    }

    /** One more place that listens, for {@link FanOutAssert#reachedEveryWitness} and the canary. Closed with the kit if it can be. */
    public LedgerKit witness(Witness witness) {
        witnesses.add(Objects.requireNonNull(witness, "witness"));
        return this;
    }

    /** Lets breaches of these kinds pass in this test, which causes them on purpose. */
    public synchronized LedgerKit tolerate(Breach.Kind... kinds) {
        tolerated.addAll(List.of(kinds));
        return this;
    }

    /** Every place that listens: the store of the kit's own ledger, and what was added. */
    public List<Witness> witnesses() {
        return List.copyOf(witnesses);
    }

    /** Waits until the queued sinks were given what was told so far; answers the recorder. */
    public RecordingSink settled() {
        boolean interrupted = Thread.interrupted(); // or nobody would wait for anything
        try {
            if (!events.flush(FLUSH)) {
                throw new AssertionError("the queued sinks did not take within %s what was told: %s"
                        .formatted(FLUSH, events.counters().sinks()));
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return recorder;
    }

    /** What has been breached so far and is not tolerated. Waits for the queued sinks. */
    public synchronized List<Breach> breaches() {
        settled();
        List<Told> told = recorder.told();
        List<Breach> all = new ArrayList<>(shown);
        History.all(told).forEach(run -> all.addAll(OrderCheck.of(run)));
        if (own != null) {
            all.addAll(PayloadChecks.of(told, own.ledger().history()));
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
        for (Told told : recorder.told()) {
            canary.leakIn(List.of(EventWitness.text(told.event())))
                    .ifPresent(plant -> leaks.add(
                            EventChecks.breach(Breach.Kind.LEAKED, told, "shows %s to every sink".formatted(plant))));
        }
        List<LedgerEvent> events = recorder.events();
        for (Witness witness : witnesses) {
            canary.leakIn(witness.texts(events))
                    .ifPresent(plant -> leaks.add(new Breach(
                            Breach.Kind.LEAKED, "%s can be read in: %s".formatted(plant, witness.name()), null)));
        }
        return leaks;
    }

    /**
     * Fails where the contract was breached.
     *
     * @throws AssertionError with all breaches, the history, and the line of the host's code that caused the first as its first frame
     */
    public void verify() {
        List<Breach> breaches = breaches();
        if (!breaches.isEmpty()) {
            throw BreachError.of(breaches, recorder.told());
        }
    }

    /** Closes what the kit made, and the witnesses that it was given. Verifies nothing. */
    @Override
    public void close() {
        recorder.watcher(told -> {});
        if (own != null) {
            events.close();
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
                    "this kit is around a host's events: its ledger, clock and ids are the host's");
        }
        return own;
    }

    /** Builds a {@link LedgerKit}. Not thread-safe. */
    public static final class Builder {
        private UnaryOperator<WorkflowRunEvents.Builder> events = builder -> builder;
        private UnaryOperator<Ledger.Builder> ledger = builder -> builder;
        private Instant start = NEW_YEAR;
        private String name = UUID.randomUUID().toString().substring(0, 8);
        private @Nullable Supplier<String> ids;
        private @Nullable Set<String> ownFields;

        private Builder() {}

        /** When the clock stands at first. Default: the beginning of 2026, in UTC. */
        public Builder startingAt(Instant start) {
            this.start = Objects.requireNonNull(start, "start");
            return this;
        }

        /** What the ids of this test begin with: {@code <name>-1}, {@code <name>-2} and so on. Default: something random. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Where ids come from, in the place of numbered names. */
        public Builder ids(Supplier<String> ids) {
            this.ids = Objects.requireNonNull(ids, "ids");
            return this;
        }

        /** More of the events: sinks, carriers, limits. The recorder is added last, so that it knows what the others dropped. */
        public Builder events(UnaryOperator<WorkflowRunEvents.Builder> events) {
            this.events = Objects.requireNonNull(events, "events");
            return this;
        }

        /** More of the ledger: a store, which the test closes, or a payload store. */
        public Builder ledger(UnaryOperator<Ledger.Builder> ledger) {
            this.ledger = Objects.requireNonNull(ledger, "ledger");
            return this;
        }

        /** The only fields of the host's own that events may have. Default: any. */
        public Builder onlyOwnFields(String... names) {
            this.ownFields = Set.of(names);
            return this;
        }

        /** The kit. */
        public LedgerKit build() {
            MutableClock clock = MutableClock.at(start);
            AtomicLong number = new AtomicLong();
            String prefix = name;
            Supplier<String> supplier = ids != null ? ids : () -> prefix + "-" + number.incrementAndGet();
            RecordingSink recorder = new RecordingSink();
            WorkflowRunEvents telling = events.apply(
                            WorkflowRunEvents.builder().clock(clock).ids(supplier))
                    .sink(recorder)
                    .build();
            Ledger keeping = ledger.apply(Ledger.builder().events(telling)).build();
            return new LedgerKit(recorder, telling, new Own(keeping, clock, supplier), ownFields);
        }
    }
}
