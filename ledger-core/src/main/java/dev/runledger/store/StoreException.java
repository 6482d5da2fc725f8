package dev.runledger.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A store could not do what was asked of it. Its message names the call and what it was about, never an address, a statement or a
 * value of the host's.
 */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is known of the change that was asked for. */
    public enum Outcome {
        /** Nothing was changed. */
        NOT_STORED,
        /**
         * The connection was lost before the answer came, or the row cannot be read that the call may have changed. The same call again,
         * with the same id or transition id, is answered with the event that was stored, or made.
         */
        UNKNOWN
    }

    private final Outcome outcome;

    /**
     * A failure of a store.
     *
     * @param message what was asked for and what went wrong
     * @param outcome what is known of the change
     * @param cause what the driver threw, or null
     */
    public StoreException(String message, Outcome outcome, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.outcome = Objects.requireNonNull(outcome, "outcome");
    }

    /** What is known of the change that was asked for. */
    public Outcome outcome() {
        return outcome;
    }
}
