package dev.runledger.redact;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The error that is attached to a log call: the error itself where all that it prints is harmless, which is nearly always, so that an
 * error tracker sees its class; else a stand-in that prints like it, redacted, cut, and safe to ask.
 *
 * <p>Harmless is: no message that the fields of the event would not show as it is, but for tabs, and no frame either. So a message of more than
 * one line is not harmless: a layout of text would print what follows as a line of its own, which can look like one of the log's. Nor is a
 * message of more than 2,048 characters, a cycle, more than 16 errors or 32 suppressed ones, an error that prints itself in its own way, or
 * one that throws when asked.
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

        boolean isHarmless(Throwable error) throws NoSuchMethodException {
            for (Throwable next = error; next != null; next = next.getCause()) {
                if (!seen.add(next) || seen.size() > MAX_ERRORS + MAX_SUPPRESSED) {
                    return false;
                }
                if (!isHarmless(next.getMessage()) || !isHarmless(next.getLocalizedMessage())) {
                    return false;
                }
                if (!isHarmless(next.toString()) || printsItself(next) || !isHarmless(next.getStackTrace())) {
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
            String line = Text.clean(message, message.length());
            return line.equals(message.replace('\t', ' '))
                    && redactor.redact(line).equals(line);
        }

        private static boolean isHarmless(StackTraceElement[] frames) {
            if (frames.length > MAX_FRAMES) {
                return false;
            }
            for (StackTraceElement frame : frames) { // anybody can set them
                if (!isLine(frame.getClassName()) || !isLine(frame.getMethodName()) || !isLine(frame.getFileName())) {
                    return false;
                }
                if (!isLine(frame.getModuleName()) || !isLine(frame.getClassLoaderName())) {
                    return false;
                }
            }
            return true;
        }

        @SuppressWarnings(
                "ReferenceEquality") // cleaning answers the very same instance where there is nothing to clean
        private static boolean isLine(@Nullable String name) {
            return name == null || Text.clean(name, ErrorTexts.MAX_CLASS) == name;
        }

        private static boolean printsItself(Throwable error) throws NoSuchMethodException {
            Class<?> type = error.getClass();
            return type.getMethod("printStackTrace", PrintWriter.class).getDeclaringClass() != Throwable.class
                    || type.getMethod("printStackTrace", PrintStream.class).getDeclaringClass() != Throwable.class;
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
                    Arrays.stream(frames).limit(MAX_FRAMES).map(Copy::clean).toArray(StackTraceElement[]::new),
                    safeCause);
            for (Throwable each : error.getSuppressed()) {
                if (suppressed < MAX_SUPPRESSED && depth > 1 && !seen.contains(each)) {
                    suppressed++;
                    copy.addSuppressed(of(each, depth - 1));
                }
            }
            return copy;
        }

        private static StackTraceElement clean(StackTraceElement frame) {
            return Check.isHarmless(new StackTraceElement[] {frame})
                    ? frame
                    : new StackTraceElement(
                            Text.clean(frame.getClassName(), ErrorTexts.MAX_CLASS),
                            Text.clean(frame.getMethodName(), ErrorTexts.MAX_CLASS),
                            frame.getFileName() == null ? null : Text.clean(frame.getFileName(), ErrorTexts.MAX_CLASS),
                            frame.getLineNumber());
        }
    }
}
