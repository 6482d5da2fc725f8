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
        return DEPTH.get()[0];
    }

    /** Enters a sink with an event that was emitted at this depth. */
    static void enter(int emittedAt) {
        DEPTH.get()[0] = emittedAt + 1;
    }

    /** Leaves to the depth before. */
    static void leave(int before) {
        DEPTH.get()[0] = before;
    }
}
