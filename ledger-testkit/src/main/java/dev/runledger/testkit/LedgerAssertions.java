package dev.runledger.testkit;

import dev.runledger.event.LedgerEvent;
import java.util.List;

/**
 * Where assertions on events begin. A failure prints the whole history as a table, with the first difference marked.
 *
 * <pre>{@code
 * assertThat(recorder).run(id).emittedExactly(QUEUED, RUNNING, SUCCEEDED, COMPLETED);
 * assertThat(recorder).run(id).event(SUCCEEDED).hasField(EventField.DURATION_MS, 1500);
 * assertThatFanOut(recorder).reached(log, store, meters);
 * }</pre>
 */
public final class LedgerAssertions {
    private LedgerAssertions() {}

    /** Assertions on everything that was told, and on each run of it. */
    public static RecordingAssert assertThat(RecordingSink actual) {
        return new RecordingAssert(actual);
    }

    /** Assertions on one event. */
    public static EventAssert assertThat(LedgerEvent actual) {
        return new EventAssert(actual, List.of());
    }

    /** Assertions on all the places that listen at once, after the queued sinks were given what was told. */
    public static FanOutAssert assertThatFanOut(LedgerKit kit) {
        return new FanOutAssert(kit.settled(), kit.witnesses());
    }

    /** Assertions on all the places that listen at once. What is queued is to be flushed before. */
    public static FanOutAssert assertThatFanOut(RecordingSink actual) {
        return new FanOutAssert(actual, List.of());
    }
}
