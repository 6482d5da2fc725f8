package dev.runledger.run;

import java.io.Serial;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a call on a ledger or a store: a value, not an exception, since losing a race is ordinary.
 *
 * <p>{@link Dispatch}, {@link Transition} and {@link TaskTransition} are the outcomes that applications see.
 */
public sealed interface CallOutcome permits Dispatch, Transition, TaskTransition, CallOutcome.Imported {
    /** Returns the result of the call as one of a small closed set, by which calls are counted. */
    Result result();

    /** Lists what a call can come to: a small closed set, fit for a metric's tag. */
    enum Result {
        /** The call changed something. */
        APPLIED,
        /** The same call was made before. Nothing changed. */
        ALREADY,
        /** The call does not fit what stands, or a dispatch was refused. Nothing changed. */
        REJECTED,
        /** There is no such run or task. */
        NOT_FOUND,
        /** The store threw. */
        ERROR;

        /** Returns the code of this result: {@code applied}, {@code already}, {@code rejected}, {@code not_found} or {@code error}. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The outcome of an import.
     *
     * @param imported whether the run was stored; false if a run with its id exists already
     */
    record Imported(boolean imported) implements CallOutcome {
        @Override
        public Result result() {
            return imported ? Result.APPLIED : Result.ALREADY;
        }
    }

    /**
     * Thrown by {@code orElseThrow()} of a {@link CallOutcome}: the call was not applied, and the caller asked for an exception.
     *
     * <p>The ledger itself throws it only where a task of a {@code RunScope} cannot start. The message names the call, the run, the
     * state that stands and its owner.
     */
    final class RejectedException extends IllegalStateException {
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
}
