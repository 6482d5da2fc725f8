package dev.runledger.run;

/**
 * The id of a task: 1 to 128 characters out of {@code A-Z a-z 0-9 - _ . ~}.
 *
 * <p>The ledger makes time-ordered UUIDs. An application may bring its own ids.
 *
 * @param value the id as text
 */
public record TaskId(String value) implements Comparable<TaskId> {
    /** Checks the text; throws an {@link IllegalArgumentException} that names it if it does not fit. */
    public TaskId {
        Require.id("taskId", value);
    }

    /** Returns the id with the given text. */
    public static TaskId of(String value) {
        return new TaskId(value);
    }

    /** Returns the text of the id alone. */
    @Override
    public String toString() {
        return value;
    }

    /** Compares the texts. */
    @Override
    public int compareTo(TaskId other) {
        return value.compareTo(other.value);
    }
}
