package dev.runledger.run;

import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by {@code orElseThrow()} of a {@link CallOutcome}: the call was not applied, and the caller asked for an exception.
 *
 * <p>The ledger itself throws it only where a task of a {@code RunScope} cannot start. The message names the call, the run, the
 * state that stands and its owner.
 */
public final class RejectedException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient CallOutcome outcome;

    RejectedException(String message, CallOutcome outcome, @Nullable Throwable cause) {
        super(message, cause);
        this.outcome = Objects.requireNonNull(outcome, "outcome");
    }

    /** Returns the outcome that was turned into this exception. */
    public CallOutcome outcome() {
        return outcome;
    }
}
