package dev.runledger.testkit;

import dev.runledger.event.EventType;
import dev.runledger.run.RunId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/**
 * Verifies what a recorder received. Made by {@link LedgerAssertions#assertThat(RecordingSink)}. A description of {@code as} is passed on to
 * the assertions on a run and on an event.
 */
public final class RecordingAssert extends AbstractAssert<RecordingAssert, RecordingSink> {
    private final Predicate<RecordedEvent> seen;

    RecordingAssert(RecordingSink actual) {
        this(actual, event -> true);
    }

    private RecordingAssert(RecordingSink actual, Predicate<RecordedEvent> seen) {
        super(actual, RecordingAssert.class);
        this.seen = seen;
    }

    /** Starts assertions on one run, its tasks included, whatever else was emitted. */
    public RunAssert run(RunId runId) {
        return run(runId.value());
    }

    /** Starts assertions on the run with this id as text, for an application that keeps its own tables. */
    public RunAssert run(String runId) {
        List<RecordedEvent> recorded = recorded();
        return new RunAssert(History.of(recorded, runId), recorded).as("%s", descriptionText());
    }

    /** Starts assertions on the only run. Fails if there are events of none or of several runs. */
    public RunAssert onlyRun() {
        List<RecordedEvent> recorded = recorded();
        List<History> all = History.all(recorded);
        if (all.size() != 1) {
            throw fail("Expected events of exactly one run, of these there are %s".formatted(all.size()));
        }
        return new RunAssert(all.get(0), recorded).as("%s", descriptionText());
    }

    /** Returns the same assertions without {@code awaited}, for a test that does not care whether a caller waited for a run. */
    public RecordingAssert withoutAwaits() {
        return new RecordingAssert(actual, event -> seen.test(event) && !event.isAside()).as("%s", descriptionText());
    }

    /**
     * Verifies that these assertions hold before the time is over, for events that other threads emit. They are made at once and after each
     * further event, on this thread, until they pass. The time is real and not that of a kit's clock; a test that passes does not spend it.
     * An assertion that something was <em>not</em> emitted passes at once, if nothing was emitted yet.
     *
     * <pre>{@code
     * assertThat(recorder).within(Duration.ofSeconds(5), then -> then.run(id).emittedExactly(QUEUED, RUNNING));
     * }</pre>
     *
     * @throws AssertionError with the last failure as its cause if they do not hold in time, or if the thread is interrupted, which it stays
     */
    public RecordingAssert within(Duration timeout, Consumer<RecordingAssert> assertions) {
        isNotNull();
        long nanos = TimeUnit.NANOSECONDS.convert(timeout);
        long begun = System.nanoTime();
        while (true) {
            long arrived = actual.arrived();
            try {
                assertions.accept(new RecordingAssert(actual, seen));
                return this;
            } catch (AssertionError failed) {
                if (!hasMore(arrived, nanos - (System.nanoTime() - begun))) {
                    AssertionError failure =
                            failure("%s", "Expected within %s:%n%n%s".formatted(timeout, failed.getMessage()));
                    failure.initCause(failed);
                    throw failure;
                }
            }
        }
    }

    private boolean hasMore(long arrived, long nanos) {
        try {
            return actual.awaitMoreThan(arrived, nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Verifies that exactly these events were emitted, in this order, whatever run they belong to. */
    public RecordingAssert emittedExactly(EventType... expected) {
        List<RecordedEvent> recorded = recorded();
        Sequence.check("The recorder", recorded, Arrays.asList(expected)).ifPresent(difference -> {
            throw failureWithActualExpected(
                    recorded.stream().map(each -> each.event().eventName()).toList(),
                    Sequence.names(Arrays.asList(expected)),
                    "%s",
                    difference);
        });
        return this;
    }

    /** Verifies that no event of these types was emitted. */
    public RecordingAssert neverEmitted(EventType... types) {
        Sequence.checkNever("The recorder", recorded(), Set.of(types)).ifPresent(difference -> {
            throw failure("%s", difference);
        });
        return this;
    }

    /** Verifies that nothing was emitted. */
    public RecordingAssert emittedNothing() {
        if (!recorded().isEmpty()) {
            throw fail("Expected that nothing was emitted");
        }
        return this;
    }

    /**
     * Starts assertions on the only event of this type, with or without a run: a refusal, for example. Fails if there is none or more than
     * one.
     */
    public EventAssert event(EventType type) {
        List<RecordedEvent> recorded = recorded();
        List<RecordedEvent> found =
                recorded.stream().filter(each -> each.event().type() == type).toList();
        if (found.size() != 1) {
            throw fail("Expected exactly one %s, but %s were emitted".formatted(type.eventName(), found.size()));
        }
        return new EventAssert(found.get(0).event(), recorded).as("%s", descriptionText());
    }

    /**
     * Verifies that of each (project, workflow, target) at most one run was in flight at a time. A child on the target of its parent works
     * under the guard of the parent. Runs without a target have no guard. A run is in flight from its first event on.
     */
    public RecordingAssert hadAtMostOneInFlight() {
        List<RecordedEvent> recorded = recorded();
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

    private List<RecordedEvent> recorded() {
        isNotNull();
        return actual.recorded().stream().filter(seen).toList();
    }

    private AssertionError fail(String what) {
        List<RecordedEvent> recorded = recorded();
        String runs = recorded.stream().map(RecordedEvent::runId).distinct().collect(Collectors.joining(", "));
        return failure("%s", what + (runs.isEmpty() ? "" : "; runs: " + runs) + "\n\n" + HistoryTable.of(recorded));
    }
}
