package dev.runledger.testkit;

import dev.runledger.WorkflowRunEvents;
import dev.runledger.sink.EventSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What has been counted since a test began and no event shows: it was dropped, or never built, or a sink threw on it. */
final class CounterChecks {
    private final WorkflowRunEvents events;
    private final WorkflowRunEvents.Counters before;
    private final Map<String, Long> droppedBefore;
    private final List<Breach> drops = new ArrayList<>();

    CounterChecks(WorkflowRunEvents events) {
        this.events = events;
        this.before = events.counters();
        this.droppedBefore = dropped(before);
    }

    /** By name, which several sinks may have. */
    private static Map<String, Long> dropped(WorkflowRunEvents.Counters counters) {
        return counters.sinks().stream()
                .collect(Collectors.toMap(
                        EventSink.Statistics::sink, EventSink.Statistics::dropped, Long::sum, HashMap::new));
    }

    private static Map<String, Long> failed(WorkflowRunEvents.Counters counters) {
        return counters.sinks().stream()
                .collect(Collectors.toMap(
                        EventSink.Statistics::sink, EventSink.Statistics::failed, Long::sum, HashMap::new));
    }

    /** Looks, as an event is told, whether a sink was not given it. A queue that is full says so on the thread that tells. */
    synchronized void onEmitted(RecordedEvent recorded) {
        dropped(events.counters()).forEach((sink, count) -> {
            if (count > droppedBefore.getOrDefault(sink, 0L)) {
                droppedBefore.put(sink, count);
                drops.add(EventChecks.breach(
                        Breach.Kind.DROPPED,
                        recorded,
                        "was dropped by sink %s, which had no room for it".formatted(sink)));
            }
        });
    }

    /** What was counted, beyond what the events themselves have shown. */
    synchronized List<Breach> atEnd(List<Breach> shown) {
        WorkflowRunEvents.Counters now = events.counters();
        List<Breach> breaches = new ArrayList<>(drops);
        Map<String, Long> failedBefore = failed(before);
        failed(now).forEach((sink, count) -> {
            long failed = count - failedBefore.getOrDefault(sink, 0L);
            add(breaches, Breach.Kind.SINK_FAILED, failed, "sink %s threw on events: %d".formatted(sink, failed));
        });
        dropped(now).forEach((sink, count) -> {
            long dropped = count - droppedBefore.getOrDefault(sink, 0L);
            add(breaches, Breach.Kind.DROPPED, dropped, "sink %s dropped events: %d".formatted(sink, dropped));
        });
        long recursions = now.recursions() - before.recursions();
        add(
                breaches,
                Breach.Kind.DROPPED,
                recursions,
                "events that a sink told while it was told of what a sink had told were dropped: %d"
                        .formatted(recursions));
        long carriers = now.surroundingFailures() - before.surroundingFailures();
        add(breaches, Breach.Kind.EMISSION_FAILED, carriers, "a context carrier threw, times: %d".formatted(carriers));
        long unbuilt = now.buildFailures() - before.buildFailures();
        add(breaches, Breach.Kind.EMISSION_FAILED, unbuilt, "events that could not be built: %d".formatted(unbuilt));
        unshown(breaches, shown, Breach.Kind.VIOLATION, now.contractViolations() - before.contractViolations());
        unshown(breaches, shown, Breach.Kind.REDACTED, now.redactions() - before.redactions());
        unshown(breaches, shown, Breach.Kind.TRUNCATED, now.truncations() - before.truncations());
        return breaches;
    }

    /** A call that was rejected tells nothing, and an event that was dropped shows nothing. */
    private static void unshown(List<Breach> breaches, List<Breach> shown, Breach.Kind kind, long counted) {
        boolean isShown = shown.stream().anyMatch(breach -> breach.kind() == kind);
        if (!isShown) {
            add(breaches, kind, counted, "counted and shown by no event: %d".formatted(counted));
        }
    }

    private static void add(List<Breach> breaches, Breach.Kind kind, long count, String what) {
        if (count > 0) {
            breaches.add(new Breach(kind, what, null));
        }
    }
}
