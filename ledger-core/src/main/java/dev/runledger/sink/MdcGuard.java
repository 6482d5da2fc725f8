package dev.runledger.sink;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Takes the names of a line out of the MDC while it is logged: some encoders throw, and lose the line, if a key stands both there
 * and in the key-values.
 */
final class MdcGuard {
    private MdcGuard() {}

    /** Returns the MDC, or null if it is empty. */
    static @Nullable Map<String, String> copy() {
        Map<String, String> mdc = MDC.getCopyOfContextMap();
        return mdc == null || mdc.isEmpty() ? null : mdc;
    }

    /** Takes a name out, if it is there. */
    static void hide(Map<String, String> before, String name) {
        if (before.containsKey(name)) {
            MDC.remove(name);
        }
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
