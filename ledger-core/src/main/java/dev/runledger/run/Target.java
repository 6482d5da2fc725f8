package dev.runledger.run;

/**
 * What a run works on: a pull request, a customer, a file. One line of at most 512 characters, such as {@code acme/app#42}.
 *
 * <p>Of one (project, workflow, target) at most one run is in flight; a run without a target has no such guard.
 *
 * @param value the target as text
 */
public record Target(String value) {
    /** Checks the text, throwing an {@link IllegalArgumentException} that names it where it does not fit. */
    public Target {
        Require.name("target", value, 512);
    }

    /** The target with the given text. */
    public static Target of(String value) {
        return new Target(value);
    }

    /** The target's text alone. */
    @Override
    public String toString() {
        return value;
    }
}
