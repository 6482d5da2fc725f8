package dev.runledger.micrometer;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.sink.EventSink;
import io.micrometer.core.instrument.MeterRegistry;
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
 * and throws nothing.
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

    private MicrometerSink(MeterRegistry registry, int mostNames) {
        Meters meters = new Meters(registry);
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

    /** Returns a sink that counts in this registry. */
    public static MicrometerSink of(MeterRegistry registry) {
        return of(registry, MOST_NAMES);
    }

    /**
     * Returns a sink that counts in this registry, with series for at most so many names of each meter.
     *
     * @throws IllegalArgumentException if that is below 1
     */
    public static MicrometerSink of(MeterRegistry registry, int mostNames) {
        Objects.requireNonNull(registry, "registry");
        if (mostNames < 1) {
            throw new IllegalArgumentException("mostNames is " + mostNames + ", expected 1 or more");
        }
        return new MicrometerSink(registry, mostNames);
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
