package dev.runledger.redact;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The error that is attached to a log call: the error itself where all that it prints is harmless, which is nearly always, so that an
 * error tracker sees its class; else a stand-in that prints like it, redacted, cut, and safe to ask.
 *
 * <p>Harmless is: no message that redaction or cleaning would change (line feeds and tabs are what stacks are made of), no message
 * of more than 2,048 characters, no cycle, no more than 16 errors and 32 suppressed ones, and nothing that throws when asked.
 */
@SuppressWarnings("OverrideThrowableToString") // the name that is to be printed is another class's
final class SafeThrowable extends Throwable {
    private static final long serialVersionUID = 1L;
    private static final int MAX_ERRORS = 16;
    private static final int MAX_SUPPRESSED = 32;
    private static final int MAX_FRAMES = 1024;

    private final String text;

    private SafeThrowable(String text, StackTraceElement[] frames, @Nullable Throwable cause) {
        super(text, cause, true, true);
        this.text = text;
        setStackTrace(frames);
    }

    /** Does nothing: the stack is that of the error that this stands for. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }

    /** Returns the class and the redacted message of the error that this stands for. */
    @Override
    public String toString() {
        return text;
    }

    /** Returns the error, or its stand-in. Never throws. */
    static Throwable of(Throwable error, Redactor redactor) {
        try {
            return new Check(redactor).isHarmless(error) ? error : new Copy(redactor).of(error, MAX_ERRORS);
        } catch (Throwable hostile) { // deeper than the stack, or out of memory: its name is always there
            return new SafeThrowable(Text.clean(error.getClass().getName(), 256), new StackTraceElement[0], null);
        }
    }

    /** Looks at an error and all that it would print. */
    private static final class Check {
        private final Redactor redactor;
        private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        private int suppressed;

        Check(Redactor redactor) {
            this.redactor = redactor;
        }

        boolean isHarmless(Throwable error) {
            for (Throwable next = error; next != null; next = next.getCause()) {
                if (!seen.add(next) || seen.size() > MAX_ERRORS + MAX_SUPPRESSED) {
                    return false;
                }
                if (!isHarmless(next.getMessage()) || !isHarmless(next.getLocalizedMessage())) {
                    return false;
                }
                if (!isHarmless(next.toString()) || next.getStackTrace().length > MAX_FRAMES) {
                    return false;
                }
                for (Throwable each : next.getSuppressed()) {
                    if (++suppressed > MAX_SUPPRESSED || !isHarmless(each)) {
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean isHarmless(@Nullable String message) {
            if (message == null) {
                return true;
            }
            if (message.length() > ErrorTexts.MAX_MESSAGE) {
                return false;
            }
            for (int i = 0; i < message.length(); i++) {
                char c = message.charAt(i);
                boolean crlf = c == '\r' && i + 1 < message.length() && message.charAt(i + 1) == '\n';
                boolean layout = c == '\n' || c == '\t' || crlf;
                if (!layout && !Character.isSurrogate(c) && !Text.isHarmless(c)) {
                    return false;
                }
            }
            return redactor.redact(message).equals(message);
        }
    }

    /** Copies what an error prints. */
    private static final class Copy {
        private final Redactor redactor;
        private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        private int suppressed;

        Copy(Redactor redactor) {
            this.redactor = redactor;
        }

        SafeThrowable of(Throwable error, int depth) {
            seen.add(error);
            Throwable cause = ErrorTexts.causeOf(error);
            SafeThrowable safeCause = cause == null || depth == 1 || seen.contains(cause) ? null : of(cause, depth - 1);
            String name = Text.clean(error.getClass().getName(), ErrorTexts.MAX_CLASS);
            String message = ErrorTexts.message(error, ErrorTexts.MAX_MESSAGE, redactor);
            StackTraceElement[] frames = ErrorTexts.framesOf(error);
            SafeThrowable copy = new SafeThrowable(
                    message == null ? name : name + ": " + message,
                    Arrays.copyOf(frames, Math.min(frames.length, MAX_FRAMES)),
                    safeCause);
            for (Throwable each : error.getSuppressed()) {
                if (suppressed < MAX_SUPPRESSED && depth > 1 && !seen.contains(each)) {
                    suppressed++;
                    copy.addSuppressed(of(each, depth - 1));
                }
            }
            return copy;
        }
    }
}
