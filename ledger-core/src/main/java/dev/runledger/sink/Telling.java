package dev.runledger.sink;

/**
 * How deep this thread is inside sinks being told: 0 outside, 1 inside, 2 inside an event that came of telling another.
 *
 * <p>What stays on a pooled thread of the host is an array of the JDK's: nothing that keeps this class loaded.
 */
final class Telling {
    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private Telling() {}

    static int depth() {
        return DEPTH.get()[0];
    }

    /** Enters a sink that is told of an event which was caused at this depth. */
    static void enter(int causedAt) {
        DEPTH.get()[0] = causedAt + 1;
    }

    /** Leaves to the depth before. */
    static void leave(int before) {
        DEPTH.get()[0] = before;
    }
}
