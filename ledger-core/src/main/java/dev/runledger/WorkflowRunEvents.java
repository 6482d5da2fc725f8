package dev.runledger;

import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.redact.Sanitizer;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Emits events to all sinks: the one helper for every call site of an application that keeps its own tables. Such an application
 * calls {@link #log(EventType, EventFields)} after each of its commits. An application with a {@link Ledger} need not: the ledger
 * emits the events of what it decides.
 *
 * <p>A target, a delivery id or a correlation key that shows a secret is masked and gets a digest, under a key that is made for each of
 * these helpers: different ones stay different, and two processes write different digests of the same one. A ledger uses the key of its
 * store instead.
 *
 * <p>Thread-safe. Nothing that a call site gets wrong and nothing that a sink throws reaches the caller. An event that no sink wants is
 * not built.
 */
public final class WorkflowRunEvents implements AutoCloseable {
    private final EventPipeline pipeline;

    WorkflowRunEvents(EventPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Returns events that go to the log alone, as key-values. */
    public static WorkflowRunEvents toLog() {
        return builder().sink(Slf4jSink.keyValues()).build();
    }

    /** Starts with no sink and every default. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Emits an event. {@code workflow.run.completed} echoes a terminal one, unless the echo is off.
     *
     * <p>Its id is {@code <runId>:<seq>} or {@code <taskId>:<taskSeq>} if the fields have both, else a time-ordered UUID.
     */
    public void log(EventType event, EventFields fields) {
        pipeline.log(event, () -> fields);
    }

    /** Emits an event with the entries of a map as its fields; see {@link EventFields#of(Map)}. */
    public void log(EventType event, Map<String, ?> fields) {
        pipeline.log(event, () -> fields == null ? null : EventFields.of(fields));
    }

    /**
     * Returns a helper whose events all have these fields, as a child logger has: the id of the run, for example. A field of the event
     * itself wins. The fields are copied; the helper closes nothing.
     */
    public Bound with(EventFields fields) {
        return new Bound(pipeline, EventFields.of().putAll(fields));
    }

    /** Returns whether any sink wants events of this type, or the echo of it. If not, there is no need to collect fields. */
    public boolean isWanted(EventType event) {
        return pipeline.isWanted(event);
    }

    /** Returns what was counted since this was built. */
    public Counters counters() {
        return new Counters(
                pipeline.sinks().statistics(),
                pipeline.violations(),
                pipeline.sanitizer().redactions(),
                pipeline.sanitizer().truncations(),
                pipeline.sinks().recursions(),
                pipeline.surroundings().failures(),
                pipeline.buildFailures(),
                pipeline.rolledBack());
    }

    /** Waits until the queued sinks were given what was emitted before this call; returns whether that was in time. */
    public boolean flush(Duration timeout) {
        return pipeline.sinks().flush(timeout);
    }

    /** Closes with a timeout of 5 seconds. */
    @Override
    public void close() {
        pipeline.sinks().close();
    }

    /**
     * Takes no more events for the queued sinks, gives them what is queued, at most for this timeout, and stops their threads. It closes
     * no sink: the application closes what it made.
     *
     * @return how many events were not delivered; they are counted and logged too
     */
    public long close(Duration timeout) {
        return pipeline.sinks().close(timeout);
    }

    /** Emits events that all have the same fields. Thread-safe; made by {@link WorkflowRunEvents#with}. */
    public static final class Bound {
        private final EventPipeline pipeline;
        private final EventFields bound;

        private Bound(EventPipeline pipeline, EventFields bound) {
            this.pipeline = pipeline;
            this.bound = bound;
        }

        /** Emits an event with the bound fields alone. */
        public void log(EventType event) {
            log(event, EventFields.of());
        }

        /** Emits an event with the bound fields and these, which win. */
        public void log(EventType event, EventFields fields) {
            pipeline.log(event, () -> all(fields));
        }

        /** Emits an event with the bound fields and the entries of a map, which win. */
        public void log(EventType event, Map<String, ?> fields) {
            pipeline.log(event, () -> all(fields == null ? null : EventFields.of(fields)));
        }

        /** Returns a helper with these fields as well; of a name that both have, the later value counts. */
        public Bound with(EventFields fields) {
            return new Bound(pipeline, all(fields));
        }

        private EventFields all(@Nullable EventFields fields) {
            EventFields all = EventFields.of().putAll(bound);
            return fields == null ? all : all.putAll(fields);
        }
    }

    /**
     * What {@link WorkflowRunEvents} has counted since it was built. Nothing that goes wrong is silent.
     *
     * @param sinks what became of the events, sink by sink
     * @param contractViolations how many events report that the call site broke the contract
     * @param redactions how many values were redacted
     * @param truncations how many values were cut or left out for their size
     * @param recursions how many events were dropped because a sink emitted them while it handled an event that a sink had emitted
     * @param surroundingFailures how often a context carrier or an interceptor threw
     * @param buildFailures how many events could not be built, for want of memory for example
     * @param rolledBack how many events were not emitted because their transaction was rolled back, or not reported as committed
     */
    public record Counters(
            List<EventSink.Statistics> sinks,
            long contractViolations,
            long redactions,
            long truncations,
            long recursions,
            long surroundingFailures,
            long buildFailures,
            long rolledBack) {
        /** Copies the list. */
        public Counters {
            sinks = List.copyOf(sinks);
        }

        /**
         * Returns what became of the events of the sink with this name; of the first if several have it.
         *
         * @throws IllegalArgumentException if there is no such sink; the message names those that there are
         */
        public EventSink.Statistics sink(String name) {
            return sinks.stream()
                    .filter(sink -> sink.sink().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no sink '%s', there are %s"
                            .formatted(
                                    name,
                                    sinks.stream()
                                            .map(EventSink.Statistics::sink)
                                            .toList())));
        }
    }

    /** Builds a {@link WorkflowRunEvents}. Not thread-safe. */
    public static final class Builder extends EventSettings<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /** Returns the helper, and starts the thread of each queued sink. */
        public WorkflowRunEvents build() {
            return new WorkflowRunEvents(new EventPipeline(this, Sanitizer.of(redactor, limits)));
        }
    }
}
