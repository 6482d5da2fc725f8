package dev.runledger.failure;

import dev.runledger.failure.Failure.Category;
import org.jspecify.annotations.Nullable;

/**
 * Decides which category of failure an error is.
 *
 * <p>The ledger calls it on the application's threads, concurrently. If a categorizer throws, the category is {@link
 * Category#UNKNOWN}.
 */
@FunctionalInterface
public interface ErrorCategorizer {
    /** Returns the category of this error, or {@link Category#UNKNOWN} if this categorizer does not know. */
    Category categorize(Throwable error);

    /** Returns a categorizer that asks this one first, and the other one if this one does not know, returns null or throws. */
    default ErrorCategorizer orElse(ErrorCategorizer other) {
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
    static ErrorCategorizer standard() {
        return StandardCategorizer.INSTANCE;
    }
}
