package dev.runledger.testkit;

import dev.runledger.event.LedgerEvent;
import java.util.List;

/**
 * The entry to assertions on events. A failure prints the whole history as a table, with the first difference marked.
 *
 * <pre>{@code
 * assertThat(recorder).run(id).emittedExactly(QUEUED, RUNNING, SUCCEEDED, COMPLETED);
 * assertThat(recorder).run(id).event(SUCCEEDED).hasField(EventField.DURATION_MS, 1500);
 * assertThatFanOut(recorder).reached(log, store, meters);
 * }</pre>
 */
public final class LedgerAssertions {
    private LedgerAssertions() {}

    /** Starts assertions on all events, and on each run. */
    public static RecordingAssert assertThat(RecordingSink actual) {
        return new RecordingAssert(actual);
    }

    /** Starts assertions on one event. */
    public static EventAssert assertThat(LedgerEvent actual) {
        return new EventAssert(actual, List.of());
    }

    /** Waits until the queued sinks were given their events, and starts assertions on all places that receive events. */
    public static FanOutAssert assertThatFanOut(LedgerKit kit) {
        return new FanOutAssert(kit.settled(), kit.witnesses());
    }

    /** Starts assertions on all places that receive events. Flush the queued sinks first. */
    public static FanOutAssert assertThatFanOut(RecordingSink actual) {
        return new FanOutAssert(actual, List.of());
    }
}
