package dev.runledger.sink;

/**
 * Counts how deep this thread is inside sinks: 0 outside, 1 inside a sink, 2 inside a sink that handles an event which a sink emitted.
 *
 * <p>What stays on a pooled thread of the application is an array of the JDK's: nothing that keeps this class loaded.
 */
final class EmissionDepth {
    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private EmissionDepth() {}

    static int current() {
        return ofThread()[0];
    }

    /** Returns the one element that holds the depth of this thread, to be read and set by this thread alone. */
    static int[] ofThread() {
        return DEPTH.get();
    }
}
