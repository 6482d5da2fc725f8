package dev.runledger.run;

import java.util.Locale;

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
}
