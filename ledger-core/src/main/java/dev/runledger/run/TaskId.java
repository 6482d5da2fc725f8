package dev.runledger.run;

/**
 * The id of a task run: 1 to 128 characters out of {@code A-Z a-z 0-9 - _ . ~}.
 *
 * <p>The ledger makes time-ordered UUIDs; a host may bring ids of its own.
 *
 * @param value the id as text
 */
public record TaskId(String value) {
    /** Checks the text, throwing an {@link IllegalArgumentException} that names it where it does not fit. */
    public TaskId {
        Require.id("taskId", value);
    }

    /** The id with the given text. */
    public static TaskId of(String value) {
        return new TaskId(value);
    }

    /** The id's text alone, so that it can stand in a message. */
    @Override
    public String toString() {
        return value;
    }
}
