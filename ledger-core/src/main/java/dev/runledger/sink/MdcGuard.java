package dev.runledger.sink;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Keeps the MDC as it was. What clashes with the names of a line is taken out of it while the line is logged: some encoders throw, and lose the
 * line, if a name stands both there and in the key-values, and no index takes a document in which one name is the dotted prefix of another.
 */
final class MdcGuard {
    private MdcGuard() {}

    /** Returns the MDC, or null if it is empty. */
    static @Nullable Map<String, String> copy() {
        Map<String, String> mdc = MDC.getCopyOfContextMap();
        return mdc == null || mdc.isEmpty() ? null : mdc;
    }

    /** Takes what clashes with these names out of the MDC. */
    static void hide(Map<String, String> before, List<String> names) {
        for (String key : before.keySet()) {
            for (String name : names) {
                if (clash(key, name)) {
                    MDC.remove(key);
                    break;
                }
            }
        }
    }

    /** Returns whether two names are the same, or one is the dotted prefix of the other. */
    static boolean clash(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        return one.regionMatches(0, other, 0, shorter)
                && (one.length() == other.length() || (one.length() > shorter ? one : other).charAt(shorter) == '.');
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
