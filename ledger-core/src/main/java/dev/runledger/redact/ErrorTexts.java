package dev.runledger.redact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns an error into texts that can stand in fields: its class, its message and its stack, redacted and cut.
 *
 * <p>The stack is one line, its parts joined by {@code " | "}; where it is too long, its middle is left out, since the call at the
 * top and the root cause at the end say most. Survives whatever the error does when it is asked.
 */
final class ErrorTexts {
    static final int MAX_CLASS = 256;
    static final int MAX_MESSAGE = 2048;
    static final int MAX_STACK = 8192;

    private static final int MAX_ERRORS = 24;
    private static final int FRAMES_AT_TOP = 40;
    private static final int FRAMES_AT_END = 5;
    private static final int FRAMES_OF_A_CAUSE = 10;
    private static final int MESSAGE_IN_STACK = 512;
    private static final String LEFT_OUT = " | ... | ";

    private ErrorTexts() {}

    static Sanitizer.ErrorText of(Throwable error, Redactor redactor) {
        String name = Text.clean(error.getClass().getName(), MAX_CLASS);
        String message = message(error, MAX_MESSAGE, redactor);
        String whole = stack(error, redactor);
        boolean truncated = whole.length() > MAX_STACK || Sanitizer.wasCut(message);
        return new Sanitizer.ErrorText(name, message, bothEnds(whole), truncated);
    }

    /** Returns the message, redacted on more than is kept, so that the cut cannot halve a secret. */
    static @Nullable String message(Throwable error, int max, Redactor redactor) {
        try {
            String message = error.getMessage();
            if (message == null) {
                return null;
            }
            String redacted = redactor.redact(Text.clean(message, 2 * max));
            return redacted.length() <= max && message.length() <= 2 * max
                    ? redacted
                    : Sanitizer.cut(redacted, max, message.length() > 2 * max);
        } catch (Throwable hostile) { // it threw when asked, and is described all the same
            return null;
        }
    }

    private static String stack(Throwable error, Redactor redactor) {
        List<String> parts = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable next = error;
        String prefix = "";
        while (next != null && seen.size() < MAX_ERRORS && seen.add(next)) {
            String message = message(next, MESSAGE_IN_STACK, redactor);
            String name = Text.clean(next.getClass().getName(), MAX_CLASS);
            parts.add(prefix + name + (message == null ? "" : ": " + message));
            frames(next, parts, next == error);
            prefix = "Caused by: ";
            next = causeOf(next);
        }
        return String.join(" | ", parts);
    }

    /** The causes get fewer frames, so that the root cause is still there after a cut. */
    private static void frames(Throwable error, List<String> parts, boolean first) {
        StackTraceElement[] frames = framesOf(error);
        for (int i = 0; i < frames.length; i++) {
            int top = first ? FRAMES_AT_TOP : FRAMES_OF_A_CAUSE;
            int end = first ? FRAMES_AT_END : 0;
            if (i == top && frames.length > top + end) {
                int left = frames.length - top - end;
                parts.add("... " + left + " frames left out");
                i += left;
            }
            if (i == frames.length) {
                return;
            }
            parts.add("at " + Text.clean(frames[i].toString(), MAX_CLASS));
        }
    }

    static StackTraceElement[] framesOf(Throwable error) {
        try {
            StackTraceElement[] frames = error.getStackTrace();
            return frames == null
                    ? new StackTraceElement[0]
                    : Arrays.stream(frames).filter(Objects::nonNull).toArray(StackTraceElement[]::new);
        } catch (Throwable hostile) {
            return new StackTraceElement[0];
        }
    }

    static @Nullable Throwable causeOf(Throwable error) {
        try {
            return error.getCause();
        } catch (Throwable hostile) {
            return null;
        }
    }

    private static String bothEnds(String whole) {
        if (whole.length() <= MAX_STACK) {
            return whole;
        }
        int tail = MAX_STACK / 4;
        int head = MAX_STACK - tail - LEFT_OUT.length() - 1;
        String ends = whole.substring(0, head) + LEFT_OUT + whole.substring(whole.length() - tail);
        return Text.clean(ends, MAX_STACK - 1) + Sanitizer.ELLIPSIS; // halves of pairs may stand at the cuts
    }
}
