package dev.runledger.testkit;

import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.RunId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** Assertions on everything that was told. Made by {@link LedgerAssertions#assertThat(RecordingSink)}. */
public final class RecordingAssert extends AbstractAssert<RecordingAssert, RecordingSink> {
    RecordingAssert(RecordingSink actual) {
        super(actual, RecordingAssert.class);
    }

    /** Assertions on one run, its tasks included, whatever else was told. */
    public RunAssert run(RunId runId) {
        return run(runId.value());
    }

    /** Assertions on the run with this id as text, for a host that keeps its own tables. */
    public RunAssert run(String runId) {
        isNotNull();
        return new RunAssert(History.of(actual, runId), actual.recorded());
    }

    /** Assertions on the only run that was told of; fails where it is not the only one. */
    public RunAssert onlyRun() {
        isNotNull();
        List<History> all = History.all(actual.recorded());
        if (all.size() != 1) {
            throw fail("Expected events of exactly one run, of these there are %d".formatted(all.size()));
        }
        return new RunAssert(all.get(0), actual.recorded());
    }

    /** Exactly these events were told, in this order, of all runs and of none. */
    public RecordingAssert emittedExactly(EventType... expected) {
        isNotNull();
        Sequence.check("The recorder", actual.recorded(), Arrays.asList(expected))
                .ifPresent(difference -> {
                    throw failureWithActualExpected(
                            actual.eventNames(), Sequence.names(Arrays.asList(expected)), "%s", difference);
                });
        return this;
    }

    /** No event of these types was told, of any run and of none. */
    public RecordingAssert neverEmitted(EventType... types) {
        isNotNull();
        Sequence.checkNever("The recorder", actual.recorded(), Set.of(types)).ifPresent(difference -> {
            throw failure("%s", difference);
        });
        return this;
    }

    /** Nothing at all was told. */
    public RecordingAssert emittedNothing() {
        isNotNull();
        if (!actual.recorded().isEmpty()) {
            throw fail("Expected that nothing was told");
        }
        return this;
    }

    /** The only event of this type, of any run and of none: a refusal, for example. */
    public EventAssert event(EventType type) {
        isNotNull();
        List<LedgerEvent> found = actual.eventsOf(type);
        if (found.size() != 1) {
            throw fail("Expected exactly one %s, told were %d".formatted(type.eventName(), found.size()));
        }
        return new EventAssert(found.get(0), actual.recorded());
    }

    /**
     * Of each (project, workflow, target) at most one run was in flight at a time. A child that its parent handed its work to, on the
     * parent's own target, is under the parent's guard. Runs without a target have none. A run is in flight from the first event that was
     * told of it.
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
