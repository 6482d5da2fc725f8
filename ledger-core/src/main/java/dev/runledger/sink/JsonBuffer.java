package dev.runledger.sink;

import org.jspecify.annotations.Nullable;

/** A buffer a thread for the line of JSON that it is about to log, so that only the finished line is allocated. */
final class JsonBuffer {
    private static final int LARGEST_KEPT = 16_384;
    private static final ThreadLocal<@Nullable StringBuilder> BUFFERS = new ThreadLocal<>();

    private JsonBuffer() {}

    /** Returns an empty buffer that nobody else has: an encoder that logs while it is logged to gets another. */
    static StringBuilder take() {
        StringBuilder buffer = BUFFERS.get();
        if (buffer == null) {
            return new StringBuilder(1024);
        }
        BUFFERS.set(null);
        return buffer;
    }

    /** Keeps the buffer for the next line, unless it has grown large. */
    static void giveBack(StringBuilder buffer) {
        if (buffer.capacity() <= LARGEST_KEPT) {
            buffer.setLength(0);
            BUFFERS.set(buffer);
        }
    }
}
