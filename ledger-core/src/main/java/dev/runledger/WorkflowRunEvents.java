package dev.runledger;

import dev.runledger.event.EventContract;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.Limits;
import dev.runledger.event.Redactor;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.ContextCarrier;
import dev.runledger.run.ErrorCategorizer;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.FanOut;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.store.UnitOfWork;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells events: the one helper through which every call site of a host says what happened to a run.
 *
 * <p>A host that keeps its own tables calls {@link #log(EventType, EventFields)} after each of its commits. A host that has a
 * {@link Ledger} need not: the ledger tells through this what it decides.
 *
 * <p>Thread-safe. Nothing that a call site says wrongly and nothing that a sink throws reaches the caller. Where no sink wants an
 * event, nothing is built.
 */
public final class WorkflowRunEvents implements AutoCloseable {
    private final FanOut sinks;
    private final EventContract contract;
    private final Carriers carriers;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final boolean echo;
    private final LongAdder unbuilt = new LongAdder();
    private final LongAdder untold = new LongAdder();

    private WorkflowRunEvents(Builder builder) {
        this.sinks = FanOut.to(builder.sinks);
        this.contract = new EventContract(builder.redactor, builder.limits, builder.categorizer);
        this.carriers = new Carriers(builder.carriers);
        this.clock = builder.clock;
        this.ids = builder.ids != null ? builder.ids : new TimeOrderedIds(builder.clock);
        this.echo = builder.echo;
    }

    /** Tells the log alone, as key-values. */
    public static WorkflowRunEvents toLog() {
        return builder().sink(Slf4jSink.keyValues()).build();
    }

    /** Starts with no sink and every default. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Tells an event of a host that keeps its own tables. A terminal one is echoed by {@code workflow.run.completed}, unless the
     * echo is off.
     *
     * <p>Its id is {@code <runId>:<seq>} or {@code <taskId>:<taskSeq>} where the fields have both, else a time-ordered UUID.
     */
    public void log(EventType event, EventFields fields) {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(fields, "fields");
        if (isWanted(event)) {
            tell(event, null, clock.instant(), () -> fields, null);
        }
    }

    /** Tells an event with the entries of a map as its fields; see {@link EventFields#of(Map)}. */
    public void log(EventType event, Map<?, ?> fields) {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(fields, "fields");
        if (isWanted(event)) {
            log(event, EventFields.of(fields));
        }
    }

    /** Whether any sink wants events of this type, or the echo of it: where not, there is no need to gather fields. */
    public boolean isWanted(EventType event) {
        return sinks.wants(event) || (isEchoed(event) && sinks.wants(WorkflowRunEvent.COMPLETED));
    }

    /** What was counted since this was built. */
    public EventCounters counters() {
        return new EventCounters(
                sinks.statistics(),
                contract.violations(),
                contract.redactions(),
                contract.truncations(),
                sinks.recursions(),
                carriers.failures(),
                unbuilt.sum(),
                untold.sum());
    }

    /** Waits until the queued sinks were given what was told before this call; answers whether they were in time. */
    public boolean flush(Duration timeout) {
        return sinks.flush(timeout);
    }

    /** Closes with a timeout of 5 seconds. */
    @Override
    public void close() {
        sinks.close();
    }

    /**
     * Takes no more events for the queued sinks, gives them what is queued, at most for this timeout, and stops their threads. No
     * sink is closed: the host closes what it made.
     *
     * @return how many events were not delivered; they are counted and logged too
     */
    public long close(Duration timeout) {
        return sinks.close(timeout);
    }

    /** Tells the event of a transition that a ledger made. Never throws. */
    void tell(
            EventType type,
            @Nullable String eventId,
            Instant at,
            Supplier<EventFields> fields,
            @Nullable WorkflowRun run) {
        LedgerEvent event = built(type, eventId, at, fields, run);
        if (event != null) {
            tell(event);
        }
    }

    /** The event of a transition that a ledger made, or null, counted, where it cannot be built. Never throws. */
    @Nullable
    LedgerEvent built(
            EventType type,
            @Nullable String eventId,
            Instant at,
            Supplier<EventFields> fields,
            @Nullable WorkflowRun run) {
        try {
            return build(type, eventId, at, fields.get(), run);
        } catch (Throwable broken) { // the state is stored; its telling must not undo that for the caller
            unbuilt.increment();
            return null;
        }
    }

    /** Tells an event that is built already, and its echo. Never throws. */
    void tell(LedgerEvent event) {
        try {
            sinks.accept(event);
            if (isEchoed(event.type())) {
                sinks.accept(echo(event));
            }
        } catch (Throwable broken) {
            unbuilt.increment();
        }
    }

    /** The event, to be told when the transaction that made it is committed. */
    UnitOfWork.Pending pending(LedgerEvent event) {
        return new UnitOfWork.Pending() {
            @Override
            public String eventId() {
                return event.eventId();
            }

            @Override
            public void tell() {
                WorkflowRunEvents.this.tell(event);
            }

            @Override
            public void drop() {
                untold.increment();
            }
        };
    }

    /** The event as it would be told. */
    LedgerEvent build(
            EventType type, @Nullable String eventId, Instant at, EventFields fields, @Nullable WorkflowRun run) {
        String id = eventId != null ? eventId : idOf(fields);
        Map<String, String> context = carriers.capture();
        if (context.isEmpty() && run != null) {
            context = run.request().context();
        }
        return contract.event(type, id, at, fields, context, run == null ? null : run.withoutPayloads());
    }

    private LedgerEvent echo(LedgerEvent terminal) {
        boolean ofSeq = terminal.get(EventField.SEQ) != null;
        return contract.echo(terminal, ofSeq ? terminal.eventId() + ":completed" : ids.get());
    }

    private boolean isEchoed(EventType type) {
        return echo && type.isTerminal() && type != WorkflowRunEvent.COMPLETED;
    }

    private String idOf(EventFields fields) {
        boolean ofTask = fields.get(EventField.TASK_ID) != null;
        Object subject = fields.get(ofTask ? EventField.TASK_ID : EventField.RUN_ID);
        if (!(fields.get(ofTask ? EventField.TASK_SEQ : EventField.SEQ) instanceof Long seq) || subject == null) {
            return ids.get();
        }
        if (subject instanceof RunId || subject instanceof TaskId) {
            return subject + ":" + seq;
        }
        try {
            return WorkflowRun.eventId(RunId.of((String) subject), seq);
        } catch (IllegalArgumentException | ClassCastException noId) { // the contract will tell what is wrong with it
            return ids.get();
        }
    }

    EventContract contract() {
        return contract;
    }

    Carriers carriers() {
        return carriers;
    }

    InstantSource clock() {
        return clock;
    }

    Supplier<String> ids() {
        return ids;
    }

    /** Builds a {@link WorkflowRunEvents}. Not thread-safe. */
    public static final class Builder {
        private final List<EventSink> sinks = new ArrayList<>();
        private final List<ContextCarrier> carriers = new ArrayList<>();
        private Redactor redactor = Redactor.standard();
        private Limits limits = Limits.standard();
        private ErrorCategorizer categorizer = ErrorCategorizer.standard();
        private InstantSource clock = InstantSource.system();
        private @Nullable Supplier<String> ids;
        private boolean echo = true;

        private Builder() {}

        /** Tells one more sink, in the way that it asks for: through a queue of its own unless it says inline. */
        public Builder sink(EventSink sink) {
            sinks.add(Objects.requireNonNull(sink, "sink"));
            return this;
        }

        /** Carries one more context from the dispatch to the execution of a run. Default: none. */
        public Builder carrier(ContextCarrier carrier) {
            carriers.add(Objects.requireNonNull(carrier, "carrier"));
            return this;
        }

        /** What is a secret. Default: {@link Redactor#standard()}. */
        public Builder redactor(Redactor redactor) {
            this.redactor = Objects.requireNonNull(redactor, "redactor");
            return this;
        }

        /** How long things may get. Default: {@link Limits#standard()}. */
        public Builder limits(Limits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /** How kinds of errors are told apart. Default: {@link ErrorCategorizer#standard()}. */
        public Builder categorizer(ErrorCategorizer categorizer) {
            this.categorizer = Objects.requireNonNull(categorizer, "categorizer");
            return this;
        }

        /** What time it is, for what has no time from a store. Default: the system's clock. */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** Where ids come from, for runs, tasks and events without a run. Default: time-ordered UUIDs. */
        public Builder ids(Supplier<String> ids) {
            this.ids = Objects.requireNonNull(ids, "ids");
            return this;
        }

        /** Whether every terminal event is echoed by {@code workflow.run.completed}. Default: yes. */
        public Builder echo(boolean echo) {
            this.echo = echo;
            return this;
        }

        /** The helper; starts the thread of each queued sink. */
        public WorkflowRunEvents build() {
            return new WorkflowRunEvents(this);
        }
    }
}
