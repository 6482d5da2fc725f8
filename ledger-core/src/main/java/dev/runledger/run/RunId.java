package dev.runledger.run;

/**
 * The id of a workflow run: 1 to 128 characters out of {@code A-Z a-z 0-9 - _ . ~}.
 *
 * <p>The ledger makes time-ordered UUIDs. An application may bring its own ids.
 *
 * @param value the id as text
 */
public record RunId(String value) implements Comparable<RunId> {
    /** Checks the text; throws an {@link IllegalArgumentException} that names it if it does not fit. */
    public RunId {
        Require.id("runId", value);
    }

    /** Returns the id with the given text. */
    public static RunId of(String value) {
        return new RunId(value);
    }

    /** Returns the text of the id alone. */
    @Override
    public String toString() {
        return value;
    }

    /** Compares the texts. */
    @Override
    public int compareTo(RunId other) {
        return value.compareTo(other.value);
    }
}
