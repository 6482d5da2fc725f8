package dev.runledger;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.redact.Sanitizer;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.EventSink;
import dev.runledger.store.RunStore.Pending;
import dev.runledger.store.RunStore.UnitOfWork;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds events and emits them to the sinks: each sink is asked once whether it wants an event, and nothing throws. */
final class EventPipeline {
    /** So many events of one transaction find room in any queue, or are dropped as those of as many transactions would be. */
    private static final int MANY = 100;

    private static final String UNKNOWN = Failure.Category.UNKNOWN.code();

    private final EventSink.Composite sinks;
    private final Sanitizer sanitizer;
    private final Failure.Categorizer categorizer;
    private final Surroundings surroundings;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final boolean echo;
    private final LongAdder violations = new LongAdder();
    private final LongAdder buildFailures = new LongAdder();
    private final LongAdder rolledBack = new LongAdder();

    EventPipeline(EventSettings<?> settings, Sanitizer sanitizer) {
        this.sinks = EventSink.composite(settings.sinks);
        this.sanitizer = sanitizer;
        this.categorizer = settings.categorizer;
        this.surroundings = new Surroundings(settings.carriers, settings.interceptors);
        this.clock = settings.clock;
        this.ids = settings.ids != null ? settings.ids : new TimeOrderedIds(settings.clock);
        this.echo = settings.echo;
    }

    /** The sinks that want an event, and those that want its echo. */
    private record Recipients(EventSink.Recipients ofEvent, EventSink.@Nullable Recipients ofEcho) {
        boolean isEmpty() {
            return ofEvent.isEmpty() && (ofEcho == null || ofEcho.isEmpty());
        }
    }

    boolean isWanted(EventType type) {
        return sinks.wants(type) || (isEchoed(type) && sinks.wants(WorkflowRunEvent.COMPLETED));
    }

    /**
     * Emits an event of this moment that an application reports, if a sink wants it. The fields are asked for only then. Nothing that the
     * call site gets wrong throws, a null where there should be a value included.
     */
    void log(@Nullable EventType type, Supplier<@Nullable EventFields> fields) {
        if (type == null) { // there is no event to report it
            violations.increment();
            return;
        }
        emit(type, () -> build(type, null, clock.instant(), complete(type, fields.get()), null), null);
    }

    /** Adds the category of an error that the call site left to the categorizer, and the HTTP status of a failed call. */
    private EventFields complete(EventType type, @Nullable EventFields fields) {
        if (fields == null) {
            return EventFields.of();
        }
        if (fields.cause().isEmpty() || !type.owns(EventField.ERROR_CATEGORY)) {
            return fields;
        }
        Throwable cause = fields.cause().get();
        EventFields complete = EventFields.of().putAll(fields); // the caller may use its own again
        if (fields.get(EventField.ERROR_CATEGORY).orElse(UNKNOWN).equals(UNKNOWN)) {
            complete.put(EventField.ERROR_CATEGORY, categoryOf(cause).code());
        }
        if (type.owns(EventField.STATUS_CODE)
                && fields.get(EventField.STATUS_CODE).isEmpty()) {
            Failure.statusCodeOf(cause).ifPresent(status -> complete.put(EventField.STATUS_CODE, status));
        }
        return complete;
    }

    /** Returns the category of an error; unknown if the categorizer throws. */
    Failure.Category categoryOf(Throwable error) {
        try {
            return Objects.requireNonNullElse(categorizer.categorize(error), Failure.Category.UNKNOWN);
        } catch (Throwable broken) { // an application's categorizer must not cost the run its failure
            return Failure.Category.UNKNOWN;
        }
    }

    /** Builds and emits an event of this moment about a run, which has no row and so a new id. */
    void emitNow(EventType type, Supplier<EventFields> fields, WorkflowRun run) {
        emit(type, () -> build(type, ids.get(), clock.instant(), fields.get(), run), null);
    }

    /** Builds and emits an event, if a sink wants it: now, or after the commit of the unit. */
    void emit(EventType type, Supplier<LedgerEvent> building, @Nullable UnitOfWork unit) {
        EventSink.Recipients direct = sinks.recipients(type);
        if (direct.isEmpty() && !isEchoed(type)) {
            return;
        }
        Recipients recipients = recipients(type, direct);
        if (recipients.isEmpty()) {
            return;
        }
        LedgerEvent event;
        try {
            event = building.get();
        } catch (Throwable broken) { // the state is stored; emitting its event must not undo that for the caller
            buildFailures.increment();
            return;
        }
        emit(event, recipients, unit);
    }

    /** Emits an event that is built already: now, or after the commit of the unit. */
    void emit(LedgerEvent event, @Nullable UnitOfWork unit) {
        emit(event, recipients(event.type(), sinks.recipients(event.type())), unit);
    }

    /** Waits, before one of many events, until the queues of the sinks have room, as long as the sinks make progress. */
    void awaitRoom() {
        sinks.awaitRoom();
    }

    private Recipients recipients(EventType type, EventSink.Recipients direct) {
        return new Recipients(direct, isEchoed(type) ? sinks.recipients(WorkflowRunEvent.COMPLETED) : null);
    }

    private void emit(LedgerEvent event, Recipients recipients, @Nullable UnitOfWork unit) {
        if (unit == null) {
            deliver(event, recipients);
        } else {
            unit.afterCommit(pending(event, recipients));
        }
    }

    private void deliver(LedgerEvent event, Recipients recipients) {
        try {
            recipients.ofEvent().accept(event);
            if (recipients.ofEcho() != null && !recipients.ofEcho().isEmpty()) {
                recipients.ofEcho().accept(echo(event));
            }
        } catch (Throwable broken) { // no memory for the echo, for example
            buildFailures.increment();
        }
    }

    private Pending pending(LedgerEvent event, Recipients recipients) {
        return new Pending() {
            @Override
            public String eventId() {
                return event.eventId();
            }

            @Override
            public void emit(int before) {
                if (before >= MANY) {
                    awaitRoom();
                }
                deliver(event, recipients);
            }

            @Override
            public void drop() {
                rolledBack.increment();
            }
        };
    }

    /**
     * Builds an event as it is emitted.
     *
     * @param eventId its id, or null to take it from the fields
     */
    LedgerEvent build(
            EventType type, @Nullable String eventId, Instant at, EventFields fields, @Nullable WorkflowRun run) {
        String id = eventId != null ? eventId : idOf(fields);
        Map<String, String> context = surroundings.capture();
        if (context.isEmpty() && run != null) {
            context = run.request().context();
        }
        LedgerEvent event = run == null
                ? LedgerEvent.of(type, id, at, fields, context, sanitizer)
                : LedgerEvent.of(type, id, at, fields, context, sanitizer, run);
        if (event.get(EventField.CONTRACT_VIOLATION).isPresent()) {
            violations.increment();
        }
        return event;
    }

    private LedgerEvent echo(LedgerEvent terminal) {
        boolean ofSeq = terminal.number(EventField.SEQ).isPresent();
        return terminal.echo(ofSeq ? terminal.eventId() + ":completed" : ids.get());
    }

    private boolean isEchoed(EventType type) {
        return echo && type.isTerminal() && type != WorkflowRunEvent.COMPLETED;
    }

    private String idOf(EventFields fields) {
        Object task = fields.get(EventField.TASK_ID).orElse(null);
        Object subject = task != null ? task : fields.get(EventField.RUN_ID).orElse(null);
        Object seq =
                fields.get(task != null ? EventField.TASK_SEQ : EventField.SEQ).orElse(null);
        if (!(seq instanceof Long version) || subject == null) {
            return ids.get();
        }
        if (subject instanceof RunId id) {
            return WorkflowRun.eventId(id, version);
        }
        if (subject instanceof TaskId id) {
            return TaskRun.eventId(id, version);
        }
        try {
            return WorkflowRun.eventId(RunId.of((String) subject), version);
        } catch (IllegalArgumentException | ClassCastException noId) { // the event will report what is wrong with it
            return ids.get();
        }
    }

    // ---- parts

    EventSink.Composite sinks() {
        return sinks;
    }

    Sanitizer sanitizer() {
        return sanitizer;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    InstantSource clock() {
        return clock;
    }

    String newId() {
        return ids.get();
    }

    long violations() {
        return violations.sum();
    }

    long buildFailures() {
        return buildFailures.sum();
    }

    long rolledBack() {
        return rolledBack.sum();
    }
}
