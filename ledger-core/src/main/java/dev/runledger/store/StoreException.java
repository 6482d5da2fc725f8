package dev.runledger.store;

import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a store that could not do what it was asked. The message names the call and its subject, such as the file that was to be
 * opened, and never an address, a statement or a value of the application.
 */
public final class StoreException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Certainty certainty;

    /**
     * Makes the failure of a store.
     *
     * @param message what was asked for and what went wrong
     * @param certainty what is known of the change
     * @param cause what the driver threw, or null
     */
    public StoreException(String message, Certainty certainty, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.certainty = Objects.requireNonNull(certainty, "certainty");
    }

    /** Returns what is known of the change that was asked for. */
    public Certainty certainty() {
        return certainty;
    }

    /** Lists what can be known of a change. */
    public enum Certainty {
        /** Nothing was changed. */
        NOT_STORED,
        /**
         * It is unknown whether the change was stored: the connection was lost before the answer came, or the row that the call may
         * have changed cannot be read. Retry with the same id or idempotency key: the change is applied at most once.
         */
        UNKNOWN
    }
}
