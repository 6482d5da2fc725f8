package dev.runledger;

/** Handles what was thrown while another throwable was handled. */
final class Suppressed {
    private Suppressed() {}

    static void add(Throwable thrown, Throwable suppressed) {
        if (thrown != suppressed) { // a throwable cannot suppress itself
            thrown.addSuppressed(suppressed);
        }
    }

    /** Throws what a handler threw, which the compiler knows to be of its type or unchecked. */
    @SuppressWarnings("unchecked")
    static <T extends Throwable> void rethrow(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
