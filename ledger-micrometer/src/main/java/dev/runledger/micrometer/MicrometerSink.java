package dev.runledger.micrometer;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.sink.EventSink;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Counts and times events in the registry of the application: the counters, timers and summaries of {@link LedgerMeter}. Inline: it
 * looks its meters up once and only counts afterwards, so it does not block.
 *
 * <p>Of each meter at most 200 combinations of free names (workflow, task, queue, tool, adapter) have series. The others are counted as
 * {@code other}, with a counter and one warning. Draft runs have series of their own, by the tag {@code channel}; an event without a channel
 * is one of a live run. Thread-safe. The application closes the registry; afterwards the sink counts nothing
 * and throws nothing. After {@code registry.clear()}, make a new sink: this one counts in meters that are gone.
 *
 * <p>Two sinks on one registry count together, and one warning says so: give each {@link Builder#tags tags} of its own.
 */
public final class MicrometerSink implements EventSink {
    private static final int MOST_NAMES = 200;

    /** The meters whose names are free, of which both channels together have so many. */
    private static final List<LedgerMeter> CAPPED = List.of(
            LedgerMeter.RUN_EVENTS,
            LedgerMeter.RUN_QUEUE_WAIT,
            LedgerMeter.TASK_DURATION,
            LedgerMeter.TOOL_EXECUTE,
            LedgerMeter.ADAPTER_ERRORS);

    private static final String DRAFT = NewRun.Channel.DRAFT.code();

    private final ByChannel live;
    private final ByChannel drafts;

    private MicrometerSink(MeterRegistry registry, int mostNames, Tags tags) {
        Meters meters = new Meters(registry, tags);
        meters.warnIfCounted(LedgerMeter.NAMES_CAPPED);
        Map<LedgerMeter, Capped.Room> rooms = new EnumMap<>(LedgerMeter.class);
        for (LedgerMeter meter : CAPPED) {
            rooms.put(meter, room(meters, mostNames, meter));
        }
        this.live = ByChannel.of(meters.of(NewRun.Channel.LIVE), rooms);
        this.drafts = ByChannel.of(meters.of(NewRun.Channel.DRAFT), rooms);
    }

    /** The meters of the runs of one channel. */
    private record ByChannel(Capped<WorkflowMeters> workflows, InstrumentMeters instruments) {
        static ByChannel of(Meters meters, Map<LedgerMeter, Capped.Room> rooms) {
            Capped.Room queues = Objects.requireNonNull(rooms.get(LedgerMeter.RUN_QUEUE_WAIT));
            Capped.Room tasks = Objects.requireNonNull(rooms.get(LedgerMeter.TASK_DURATION));
            return new ByChannel(
                    new Capped<>(
                            Objects.requireNonNull(rooms.get(LedgerMeter.RUN_EVENTS)),
                            workflow -> new WorkflowMeters(meters, workflow, queues, tasks)),
                    new InstrumentMeters(
                            meters,
                            Objects.requireNonNull(rooms.get(LedgerMeter.TOOL_EXECUTE)),
                            Objects.requireNonNull(rooms.get(LedgerMeter.ADAPTER_ERRORS))));
        }
    }

    private static Capped.Room room(Meters meters, int most, LedgerMeter meter) {
        return new Capped.Room(meter.meterName(), most, meters.counter(LedgerMeter.NAMES_CAPPED, meter.meterName()));
    }

    /** Returns a sink that counts in this registry, with the defaults of {@link #builder}. */
    public static MicrometerSink of(MeterRegistry registry) {
        return builder(registry).build();
    }

    /** Starts a sink that counts in this registry. */
    public static Builder builder(MeterRegistry registry) {
        return new Builder(registry);
    }

    /** Builds a {@link MicrometerSink}. Not thread-safe. */
    public static final class Builder {
        private final MeterRegistry registry;
        private int mostNames = MOST_NAMES;
        private Tags tags = Tags.empty();

        private Builder(MeterRegistry registry) {
            this.registry = Objects.requireNonNull(registry, "registry");
        }

        /**
         * Sets for how many names of each meter there are series. Default: 200.
         *
         * @throws IllegalArgumentException if that is below 1
         */
        public Builder mostNames(int mostNames) {
            if (mostNames < 1) {
                throw new IllegalArgumentException("mostNames is " + mostNames + ", expected 1 or more");
            }
            this.mostNames = mostNames;
            return this;
        }

        /** Adds tags of the application's own to every meter, as keys and values in turn. Default: none. */
        public Builder tags(String... keysAndValues) {
            this.tags = tags.and(keysAndValues);
            return this;
        }

        /**
         * Builds the sink.
         *
         * @throws IllegalArgumentException if a meter of the library has one of the tags
         */
        public MicrometerSink build() {
            Meters.requireFree(tags);
            return new MicrometerSink(registry, mostNames, tags);
        }
    }

    @Override
    public Delivery delivery() {
        return Delivery.INLINE;
    }

    /** Returns true for all but progress and skipped tasks, of which there is nothing to count. */
    @Override
    public boolean wants(EventType type) {
        return type != TaskRunEvent.PROGRESS && type != TaskRunEvent.SKIPPED;
    }

    @Override
    public void accept(LedgerEvent event) {
        ByChannel counted = DRAFT.equals(WorkflowMeters.code(event, EventField.CHANNEL)) ? drafts : live;
        WorkflowMeters meters = counted.workflows().get(WorkflowMeters.code(event, EventField.WORKFLOW_NAME));
        if (event.type() instanceof WorkflowRunEvent type) {
            meters.run(type, event);
        } else if (event.type() instanceof TaskRunEvent type) {
            meters.task(type, event);
            counted.instruments().task(type, event);
        }
    }
}
