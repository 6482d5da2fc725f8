package dev.runledger.testkit;

import dev.runledger.WorkflowRunEvents;
import dev.runledger.sink.EventSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds what was counted since a test began and is on no event: it was dropped, or never built, or a sink threw. */
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

    /** Returns the drops by the name of the sink. Several sinks may have one name. */
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

    /** Finds out, as an event is emitted, whether a sink did not get it. A full queue counts a drop on the thread that emits. */
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

    /** Returns what was counted and no event shows. */
    synchronized List<Breach> atEnd(List<Breach> shown) {
        WorkflowRunEvents.Counters now = events.counters();
        List<Breach> breaches = new ArrayList<>(drops);
        Map<String, Long> failedBefore = failed(before);
        failed(now).forEach((sink, count) -> {
            long failed = count - failedBefore.getOrDefault(sink, 0L);
            add(breaches, Breach.Kind.SINK_FAILED, failed, "sink %s threw on events: %s".formatted(sink, failed));
        });
        dropped(now).forEach((sink, count) -> {
            long dropped = count - droppedBefore.getOrDefault(sink, 0L);
            add(breaches, Breach.Kind.DROPPED, dropped, "sink %s dropped events: %s".formatted(sink, dropped));
        });
        long recursions = now.recursions() - before.recursions();
        add(
                breaches,
                Breach.Kind.DROPPED,
                recursions,
                "events that a sink emitted while it handled the event of another sink were dropped: %s"
                        .formatted(recursions));
        long carriers = now.surroundingFailures() - before.surroundingFailures();
        add(
                breaches,
                Breach.Kind.EMISSION_FAILED,
                carriers,
                "a context carrier or an interceptor threw, times: %s".formatted(carriers));
        long unbuilt = now.buildFailures() - before.buildFailures();
        add(breaches, Breach.Kind.EMISSION_FAILED, unbuilt, "events that could not be built: %s".formatted(unbuilt));
        unshown(breaches, shown, Breach.Kind.VIOLATION, now.contractViolations() - before.contractViolations());
        unshown(breaches, shown, Breach.Kind.REDACTED, now.redactions() - before.redactions());
        unshown(breaches, shown, Breach.Kind.TRUNCATED, now.truncations() - before.truncations());
        return breaches;
    }

    /** Adds what was counted and shown by no event: a rejected call emits none, and a dropped one cannot be looked at. */
    private static void unshown(List<Breach> breaches, List<Breach> shown, Breach.Kind kind, long counted) {
        boolean isShown = shown.stream().anyMatch(breach -> breach.kind() == kind);
        if (!isShown) {
            add(breaches, kind, counted, "counted, but shown by no event: %s".formatted(counted));
        }
    }

    private static void add(List<Breach> breaches, Breach.Kind kind, long count, String what) {
        if (count > 0) {
            breaches.add(new Breach(kind, what, null));
        }
    }
}
