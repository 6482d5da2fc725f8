package dev.runledger;

/** Adds what was thrown while another throwable was handled. */
final class Suppressed {
    private Suppressed() {}

    static void add(Throwable thrown, Throwable suppressed) {
        if (thrown != suppressed) { // a throwable cannot suppress itself
            thrown.addSuppressed(suppressed);
        }
    }
}
