package dev.runledger.testkit;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.RunId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** Verifies what a recorder received. Made by {@link LedgerAssertions#assertThat(RecordingSink)}. */
public final class RecordingAssert extends AbstractAssert<RecordingAssert, RecordingSink> {
    RecordingAssert(RecordingSink actual) {
        super(actual, RecordingAssert.class);
    }

    /** Starts assertions on one run, its tasks included, whatever else was emitted. */
    public RunAssert run(RunId runId) {
        return run(runId.value());
    }

    /** Starts assertions on the run with this id as text, for an application that keeps its own tables. */
    public RunAssert run(String runId) {
        isNotNull();
        return new RunAssert(History.of(actual, runId), actual.recorded());
    }

    /** Starts assertions on the only run. Fails if there are events of none or of several runs. */
    public RunAssert onlyRun() {
        isNotNull();
        List<History> all = History.all(actual.recorded());
        if (all.size() != 1) {
            throw fail("Expected events of exactly one run, of these there are %s".formatted(all.size()));
        }
        return new RunAssert(all.get(0), actual.recorded());
    }

    /** Verifies that exactly these events were emitted, in this order, whatever run they belong to. */
    public RecordingAssert emittedExactly(EventType... expected) {
        isNotNull();
        Sequence.check("The recorder", actual.recorded(), Arrays.asList(expected))
                .ifPresent(difference -> {
                    throw failureWithActualExpected(
                            actual.eventNames(), Sequence.names(Arrays.asList(expected)), "%s", difference);
                });
        return this;
    }

    /** Verifies that no event of these types was emitted. */
    public RecordingAssert neverEmitted(EventType... types) {
        isNotNull();
        Sequence.checkNever("The recorder", actual.recorded(), Set.of(types)).ifPresent(difference -> {
            throw failure("%s", difference);
        });
        return this;
    }

    /** Verifies that nothing was emitted. */
    public RecordingAssert emittedNothing() {
        isNotNull();
        if (!actual.recorded().isEmpty()) {
            throw fail("Expected that nothing was emitted");
        }
        return this;
    }

    /**
     * Starts assertions on the only event of this type, with or without a run: a refusal, for example. Fails if there is none or more than
     * one.
     */
    public EventAssert event(EventType type) {
        isNotNull();
        List<LedgerEvent> found = actual.eventsOf(type);
        if (found.size() != 1) {
            throw fail("Expected exactly one %s, but %s were emitted".formatted(type.eventName(), found.size()));
        }
        return new EventAssert(found.get(0), actual.recorded());
    }

    /**
     * Verifies that of each (project, workflow, target) at most one run was in flight at a time. A child on the target of its parent works
     * under the guard of the parent. Runs without a target have no guard. A run is in flight from its first event on.
     */
    public RecordingAssert hadAtMostOneInFlight() {
        isNotNull();
        List<RecordedEvent> recorded = actual.recorded();
        InFlight.firstOverlap(recorded).ifPresent(overlap -> {
            throw failure(
                    "%s",
                    "Expected at most one run in flight on %s, but run %s began while run %s was%n%n%s"
                            .formatted(
                                    overlap.guard(),
                                    overlap.second(),
                                    overlap.first(),
                                    HistoryTable.of(recorded, overlap.index(), "")));
        });
        return this;
    }

    private AssertionError fail(String what) {
        List<RecordedEvent> recorded = actual.recorded();
        String runs = recorded.stream().map(RecordedEvent::runId).distinct().collect(Collectors.joining(", "));
        return failure("%s", what + (runs.isEmpty() ? "" : "; runs: " + runs) + "\n\n" + HistoryTable.of(recorded));
    }
}
