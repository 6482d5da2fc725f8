package dev.runledger.otel;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.sink.EventSink;
import org.jspecify.annotations.Nullable;

/**
 * Ends spans with what events say, measures, and emits each event as a log record. Thread-safe.
 *
 * <p>It is inline: behind a queue an event would arrive when its span may be closed already. Such a segment is {@code lost} and its run
 * has a second span, of stored times; a task likewise, and a wait has no outcome. Log records keep their traces.
 */
final class OtelSink implements EventSink {
    private final RunSpans runs;
    private final TaskSpans tasks;
    private final FieldKeys keys;
    private final @Nullable CicdMetrics metrics;
    private final @Nullable EventRecords records;

    OtelSink(
            RunSpans runs,
            TaskSpans tasks,
            FieldKeys keys,
            @Nullable CicdMetrics metrics,
            @Nullable EventRecords records) {
        this.runs = runs;
        this.tasks = tasks;
        this.keys = keys;
        this.metrics = metrics;
        this.records = records;
    }

    @Override
    public Delivery delivery() {
        return Delivery.INLINE;
    }

    /** Returns true for every type if log events are on, else for what ends a span or is measured. */
    @Override
    public boolean wants(EventType type) {
        if (records != null) {
            return true;
        }
        return type instanceof WorkflowRunEvent ofRun
                ? type == WorkflowRunEvent.AWAITED
                        || RunSpans.isEnd(ofRun)
                        || (metrics != null && CicdMetrics.isMeasured(ofRun))
                : TaskSpans.isEnd(type);
    }

    /** Ends the spans first, so that a log record that a backend has can be followed to a span that it has too. */
    @Override
    public void accept(LedgerEvent event) {
        if (event.type() instanceof WorkflowRunEvent type) {
            if (type == WorkflowRunEvent.AWAITED) {
                WaitSpan.describeCurrent(event, keys);
            } else {
                runs.end(type, event);
            }
            if (metrics != null) {
                metrics.measure(type, event);
            }
        } else if (event.type() instanceof TaskRunEvent type) {
            tasks.end(type, event);
        }
        if (records != null) {
            records.emit(event);
        }
    }
}
