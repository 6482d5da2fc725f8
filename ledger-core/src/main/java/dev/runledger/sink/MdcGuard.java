package dev.runledger.sink;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Keeps the MDC as it was. The names of a line are taken out of it while the line is logged: some encoders throw, and lose the line,
 * if a key stands both there and in the key-values.
 */
final class MdcGuard {
    private MdcGuard() {}

    /** Returns the MDC, or null if it is empty. */
    static @Nullable Map<String, String> copy() {
        Map<String, String> mdc = MDC.getCopyOfContextMap();
        return mdc == null || mdc.isEmpty() ? null : mdc;
    }

    /** Makes the MDC what it was. */
    static void restore(@Nullable Map<String, String> before) {
        if (before == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(before);
        }
    }
}
