package dev.runledger.micrometer;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.sink.EventSink;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;

/**
 * Counts and times events in the registry of the application: the counters, timers and summaries of {@link LedgerMeter}. Inline: it
 * looks its meters up once and only counts afterwards, so it does not block.
 *
 * <p>Of each meter at most 200 combinations of free names (workflow, task, queue, tool, adapter) have series. The others are counted as
 * {@code other}, with a counter and one warning. Thread-safe. The application closes the registry; afterwards the sink counts nothing
 * and throws nothing.
 */
public final class MicrometerSink implements EventSink {
    private static final int MOST_NAMES = 200;

    private final Capped<WorkflowMeters> workflows;
    private final InstrumentMeters instruments;

    private MicrometerSink(MeterRegistry registry, int mostNames) {
        Meters meters = new Meters(registry);
        Capped.Room queues = room(meters, mostNames, LedgerMeter.RUN_QUEUE_WAIT);
        Capped.Room tasks = room(meters, mostNames, LedgerMeter.TASK_DURATION);
        this.workflows = new Capped<>(
                room(meters, mostNames, LedgerMeter.RUN_EVENTS),
                workflow -> new WorkflowMeters(meters, workflow, queues, tasks));
        this.instruments = new InstrumentMeters(
                meters,
                room(meters, mostNames, LedgerMeter.TOOL_EXECUTE),
                room(meters, mostNames, LedgerMeter.ADAPTER_ERRORS));
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
        WorkflowMeters meters = workflows.get(WorkflowMeters.code(event, EventField.WORKFLOW_NAME));
        if (event.type() instanceof WorkflowRunEvent type) {
            meters.run(type, event);
        } else if (event.type() instanceof TaskRunEvent type) {
            meters.task(type, event);
            instruments.task(type, event);
        }
    }
}
