package dev.runledger.testkit;

import org.jspecify.annotations.Nullable;

/**
 * Something that production only counts and that fails a strict test.
 *
 * @param kind what kind of breach it is
 * @param what what happened, in a sentence that holds no secret
 * @param line the line of the host's code that caused it, or null where it cannot be known: on a thread of a sink's, for example
 */
public record Breach(Kind kind, String what, @Nullable StackTraceElement line) {
    /** The kinds of breaches. */
    public enum Kind {
        /** A required field is missing, a name is not free, or a value is none that a field can have. */
        VIOLATION,
        /** A field of the host's own that the test did not name, where it named those that are known. */
        UNKNOWN_FIELD,
        /** An event that the state machine does not allow at this point, or one whose predecessor was never told. */
        ORDER,
        /** The same event, by its id, was told again. */
        EMITTED_TWICE,
        /** An event was told while a transaction of this thread was open. */
        OPEN_TRANSACTION,
        /** A sink was not given an event. */
        DROPPED,
        /** A sink threw. */
        SINK_FAILED,
        /** Something that looked like a secret was told or stored, and was masked. */
        REDACTED,
        /** A value, an event or a payload was too long, and was cut. */
        TRUNCATED,
        /** A context carrier threw, or an event could not be built. */
        EMISSION_FAILED,
        /** A value of the canary stands where it can be read. */
        LEAKED
    }

    @Override
    public String toString() {
        return kind + ": " + what + (line == null ? "" : "\n     at " + line);
    }
}
