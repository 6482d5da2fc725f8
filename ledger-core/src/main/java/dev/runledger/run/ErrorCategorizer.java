package dev.runledger.run;

import org.jspecify.annotations.Nullable;

/**
 * Tells what kind of failure an error is.
 *
 * <p>Called on the host's threads, concurrently. What a categorizer throws makes the category {@link ErrorCategory#UNKNOWN}.
 */
@FunctionalInterface
public interface ErrorCategorizer {
    /** What kind of failure this is; {@link ErrorCategory#UNKNOWN} where it cannot tell. */
    ErrorCategory categorize(Throwable error);

    /** This categorizer first, and the other one where this cannot tell, answers null or throws. */
    default ErrorCategorizer orElse(ErrorCategorizer other) {
        return error -> {
            @Nullable ErrorCategory category;
            try {
                category = categorize(error);
            } catch (RuntimeException broken) {
                category = null;
            }
            return category == null || category == ErrorCategory.UNKNOWN ? other.categorize(error) : category;
        };
    }

    /**
     * Reads the chain of causes, at most 32 of them, and takes the first that says something definite: the common exceptions of
     * the JDK, of JDBC by their SQLSTATE, of JSON libraries by name, and of well-known HTTP clients by name and status (401, 403 and
     * 407 are authentication, 429 is a rate limit, 408 and 504 a timeout, 502 and 503 connectivity, the other 4xx a wrong form). An
     * exception that looks like a bug, such as an illegal argument, is one only if no cause says more. Never throws.
     */
    static ErrorCategorizer standard() {
        return StandardCategorizer.INSTANCE;
    }
}
