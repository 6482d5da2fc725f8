package dev.runledger.run;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a run or a task failed.
 *
 * <p>{@code errorClass}, {@code errorMessage} and {@code errorStack} are filled by the ledger from {@code error}, redacted and
 * cut; a failure that was read back from a store has them and no {@code error}.
 *
 * @param reason one sentence for people
 * @param category what kind of failure it is; {@link ErrorCategory#UNKNOWN} with an error means: ask the categorizer
 * @param uncaught whether the handler threw it rather than reporting it
 * @param errorClass the class of the error, or null
 * @param errorMessage its message, or null
 * @param errorStack its stack on one line, or null
 * @param error the error itself while the process that saw it is telling of it, or null
 */
public record Failure(
        String reason,
        ErrorCategory category,
        boolean uncaught,
        @Nullable String errorClass,
        @Nullable String errorMessage,
        @Nullable String errorStack,
        @Nullable Throwable error) {
    /** Checks that there are a reason and a category. */
    public Failure {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(category, "category");
    }

    /** A failure that has a reason and no error. */
    public static Failure of(String reason) {
        return of(reason, ErrorCategory.UNKNOWN);
    }

    /** A failure of this category that has a reason and no error. */
    public static Failure of(String reason, ErrorCategory category) {
        return new Failure(reason, category, false, null, null, null, null);
    }

    /** A failure by an error that was caught; its reason is the error's class and message. */
    public static Failure of(Throwable error) {
        return of(describe(error), error);
    }

    /** A failure with a reason, by an error that was caught. */
    public static Failure of(String reason, Throwable error) {
        return new Failure(
                reason, ErrorCategory.UNKNOWN, false, null, null, null, Objects.requireNonNull(error, "error"));
    }

    /** A failure by an error that nobody caught. */
    public static Failure uncaught(Throwable error) {
        return new Failure(describe(error), ErrorCategory.UNKNOWN, true, null, null, null, error);
    }

    /** The same failure under this category. */
    public Failure category(ErrorCategory category) {
        return new Failure(reason, category, uncaught, errorClass, errorMessage, errorStack, error);
    }

    /** The same failure as it is kept: without the live error, which would keep everything alive that it refers to. */
    public Failure withoutError() {
        return error == null
                ? this
                : new Failure(reason, category, uncaught, errorClass, errorMessage, errorStack, null);
    }

    private static String describe(Throwable error) {
        Objects.requireNonNull(error, "error");
        String name = error.getClass().getName();
        try {
            String message = error.getMessage();
            return message == null || message.isBlank() ? name : name + ": " + message;
        } catch (Throwable hostile) { // an error whose message throws must still be told
            return name;
        }
    }
}
