package dev.runledger.failure;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says why a run or a task failed: a reason for people, a category for operators, and what is known of the error.
 *
 * <p>The ledger fills the class, message and stack from the cause, redacted and cut. A failure that was read from a store has these
 * texts and no cause. Two failures are equal if all but their causes are. Immutable.
 */
public final class Failure {
    private final String reason;
    private final Category category;
    private final boolean uncaught;
    private final @Nullable String errorClass;
    private final @Nullable String errorMessage;
    private final @Nullable String errorStack;
    private final @Nullable Throwable cause;

    private Failure(Builder builder) {
        this.reason = builder.reason;
        this.category = builder.category;
        this.uncaught = builder.uncaught;
        this.errorClass = builder.errorClass;
        this.errorMessage = builder.errorMessage;
        this.errorStack = builder.errorStack;
        this.cause = builder.cause;
    }

    /** Returns a failure with a reason and no error. */
    public static Failure of(String reason) {
        return builder(reason).build();
    }

    /** Returns a failure of this category with a reason and no error. */
    public static Failure of(String reason, Category category) {
        return builder(reason).category(category).build();
    }

    /** Returns a failure caused by an error that was caught. Its reason is the class and message of the error. */
    public static Failure of(Throwable error) {
        return of(describe(error), error);
    }

    /** Returns a failure with a reason, caused by an error that was caught. */
    public static Failure of(String reason, Throwable error) {
        return builder(reason).cause(error).build();
    }

    /** Returns a failure caused by an error that no code caught, such as what a handler threw. */
    public static Failure uncaught(Throwable error) {
        return builder(describe(error)).cause(error).uncaught(true).build();
    }

    /** Starts a failure with this reason, of category {@link Category#UNKNOWN}. */
    public static Builder builder(String reason) {
        return new Builder(reason);
    }

    /** Starts a builder with everything that this failure has. */
    public Builder toBuilder() {
        Builder builder = new Builder(reason);
        builder.category = category;
        builder.uncaught = uncaught;
        builder.errorClass = errorClass;
        builder.errorMessage = errorMessage;
        builder.errorStack = errorStack;
        builder.cause = cause;
        return builder;
    }

    /**
     * Returns the HTTP status that the first exception of a well-known HTTP client in this chain of causes has, if it {@linkplain
     * #isStatusCode is one}. Looks at 32 causes at most, and never throws.
     */
    public static Optional<Integer> statusCodeOf(Throwable error) {
        return HttpStatus.of(Objects.requireNonNull(error, "error"));
    }

    /** Returns whether a number is an HTTP status: from 100 to 599, which are the classes of RFC 9110. */
    public static boolean isStatusCode(int number) {
        return number >= 100 && number <= 599;
    }

    /** Returns the reason: one sentence for people. */
    public String reason() {
        return reason;
    }

    /** Returns the category. {@link Category#UNKNOWN} beside a cause asks the ledger's categorizer to decide. */
    public Category category() {
        return category;
    }

    /** Returns whether the handler threw the error rather than reporting it. */
    public boolean uncaught() {
        return uncaught;
    }

    /** Returns the class of the error. */
    public Optional<String> errorClass() {
        return Optional.ofNullable(errorClass);
    }

    /** Returns the message of the error. */
    public Optional<String> errorMessage() {
        return Optional.ofNullable(errorMessage);
    }

    /** Returns the stack of the error on one line. */
    public Optional<String> errorStack() {
        return Optional.ofNullable(errorStack);
    }

    /** Returns the error itself, in the process that saw it, until the failure is stored. */
    public Optional<Throwable> cause() {
        return Optional.ofNullable(cause);
    }

    /** Returns the same failure without its cause, as a store keeps it: the cause could keep a whole application alive. */
    public Failure withoutCause() {
        if (cause == null) {
            return this;
        }
        Builder stored = toBuilder();
        stored.cause = null;
        return stored.build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Failure that
                && reason.equals(that.reason)
                && category == that.category
                && uncaught == that.uncaught
                && Objects.equals(errorClass, that.errorClass)
                && Objects.equals(errorMessage, that.errorMessage)
                && Objects.equals(errorStack, that.errorStack);
    }

    @Override
    public int hashCode() {
        return Objects.hash(reason, category, uncaught, errorClass);
    }

    /** Returns the category, the class of the error and sizes: no text of a caller or of an error. */
    @Override
    public String toString() {
        Object type = cause == null ? errorClass : cause.getClass().getName();
        return "Failure[%s, reason %s characters%s%s]"
                .formatted(category, reason.length(), uncaught ? ", uncaught" : "", type == null ? "" : ", " + type);
    }

    private static String describe(Throwable error) {
        Objects.requireNonNull(error, "error");
        String name = error.getClass().getName();
        try {
            String message = error.getMessage();
            return message == null || message.isBlank() ? name : name + ": " + message;
        } catch (Throwable hostile) { // an error whose message throws is reported all the same
            return name;
        }
    }

    /** Lists the categories of failures: a small closed set, fit for a metric's tag, by which an operator decides whom to call. */
    public enum Category {
        /** The other side did not accept the credentials or the permission. */
        AUTHENTICATION,
        /** The other side could not be reached or closed the connection. */
        CONNECTIVITY,
        /** A message did not have the agreed form. */
        SCHEMA,
        /** The other side asked for fewer calls. */
        RATE_LIMIT,
        /** The work took longer than allowed. */
        TIMEOUT,
        /** The work was cancelled. */
        CANCELLED,
        /** The worker disappeared while it had the run. */
        WORKER_LOST,
        /** The code is wrong. */
        BUG,
        /** None of these, or nothing is known. */
        UNKNOWN;

        /** Returns the code on an event: {@code authentication}, {@code rate_limit} and so on. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Builds a {@link Failure}. Not thread-safe. */
    public static final class Builder {
        private String reason;
        private Category category = Category.UNKNOWN;
        private boolean uncaught;
        private @Nullable String errorClass;
        private @Nullable String errorMessage;
        private @Nullable String errorStack;
        private @Nullable Throwable cause;

        private Builder(String reason) {
            this.reason = Objects.requireNonNull(reason, "reason");
        }

        /** Sets the reason: one sentence for people. */
        public Builder reason(String reason) {
            this.reason = Objects.requireNonNull(reason, "reason");
            return this;
        }

        /** Sets the category. Default: {@link Category#UNKNOWN}. */
        public Builder category(Category category) {
            this.category = Objects.requireNonNull(category, "category");
            return this;
        }

        /** Sets whether the handler threw the error. Default: false. */
        public Builder uncaught(boolean uncaught) {
            this.uncaught = uncaught;
            return this;
        }

        /** Sets the texts of the error as a store keeps them; null where it has none. Default: none. */
        public Builder error(@Nullable String errorClass, @Nullable String errorMessage, @Nullable String errorStack) {
            this.errorClass = errorClass;
            this.errorMessage = errorMessage;
            this.errorStack = errorStack;
            return this;
        }

        /** Sets the error itself. Default: none. */
        public Builder cause(Throwable cause) {
            this.cause = Objects.requireNonNull(cause, "cause");
            return this;
        }

        /** Returns the failure. */
        public Failure build() {
            return new Failure(this);
        }
    }

    /**
     * Decides which category of failure an error is.
     *
     * <p>The ledger calls it on the application's threads, concurrently. If a categorizer throws, the category is {@link
     * Category#UNKNOWN}.
     */
    @FunctionalInterface
    public interface Categorizer {
        /** Returns the category of this error, or {@link Category#UNKNOWN} if this categorizer does not know. */
        Category categorize(Throwable error);

        /** Returns a categorizer that asks this one first, and the other one if this one does not know, returns null or throws. */
        default Categorizer orElse(Categorizer other) {
            return error -> {
                @Nullable Category category;
                try {
                    category = categorize(error);
                } catch (RuntimeException broken) {
                    category = null;
                }
                return category == null || category == Category.UNKNOWN ? other.categorize(error) : category;
            };
        }

        /**
         * Returns the default categorizer. It reads the chain of causes, at most 32 of them, and takes the first that is definite.
         *
         * <p>It knows the common exceptions of the JDK, those of JDBC by their SQLSTATE, those of JSON libraries by name, and those of
         * well-known HTTP clients by name and status: 401, 403 and 407 are authentication, 429 is a rate limit, 408 and 504 are a timeout,
         * 502 and 503 are connectivity, the other 4xx are a schema error. An exception that looks like a bug, such as an illegal argument,
         * counts as one only if no cause is more definite. Never throws.
         */
        static Categorizer standard() {
            return StandardCategorizer.INSTANCE;
        }
    }
}
