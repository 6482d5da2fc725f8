package dev.runledger.testkit;

import org.jspecify.annotations.Nullable;

/**
 * Something that production only counts and that fails a strict test.
 *
 * @param kind the kind of breach
 * @param what what happened, in a sentence that holds no secret
 * @param line the line of the application that caused it, or null if it is not known, as on the thread of a queued sink
 */
public record Breach(Kind kind, String what, @Nullable StackTraceElement line) {
    /** Lists the kinds of breaches. */
    public enum Kind {
        /** A required field is missing, a name is not free, or a value has a type that no field can have. */
        VIOLATION,
        /** A custom field that is not among those that the test allows. */
        UNKNOWN_FIELD,
        /** An event that the state machine does not allow at this point, or whose predecessor was never emitted. */
        ORDER,
        /** The same event, by its id, was emitted again. */
        EMITTED_TWICE,
        /** An event was emitted while the transaction that its thread used last was open. */
        OPEN_TRANSACTION,
        /** A sink did not get an event that it wanted. */
        DROPPED,
        /** A sink threw. */
        SINK_FAILED,
        /** Something that looked like a secret was emitted or stored, and was masked. */
        REDACTED,
        /** A value, an event or a payload was too long and was cut. */
        TRUNCATED,
        /** A context carrier or an interceptor threw, or an event could not be built. */
        EMISSION_FAILED,
        /** A value of the canary can be read somewhere. */
        LEAKED
    }

    @Override
    public String toString() {
        return kind + ": " + what + (line == null ? "" : "\n     at " + line);
    }
}
