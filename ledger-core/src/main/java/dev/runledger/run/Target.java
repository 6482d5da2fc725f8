package dev.runledger.run;

/**
 * What a run works on: a pull request, a customer, a file. One line of at most 512 characters, such as {@code acme/app#42}.
 *
 * <p>At most one run of a (project, workflow, target) is in flight. A run without a target has no such guard.
 *
 * @param value the target as text
 */
public record Target(String value) implements Comparable<Target> {
    /** Checks the text; throws an {@link IllegalArgumentException} that names it if it does not fit. */
    public Target {
        Require.name("target", value, 512);
    }

    /** Returns the target with the given text. */
    public static Target of(String value) {
        return new Target(value);
    }

    /** Returns the text of the target alone. */
    @Override
    public String toString() {
        return value;
    }

    /** Compares the texts. */
    @Override
    public int compareTo(Target other) {
        return value.compareTo(other.value);
    }
}
