package dev.runledger.run;

import java.io.Serial;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
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

    /** The outcome of an import. */
    sealed interface Imported extends CallOutcome {
        /** Returns the run, imported now or before, or throws a {@link RejectedException} if the import was refused. */
        WorkflowRun orElseThrow();

        /** Returns whether this very call stored the run. */
        default boolean isImported() {
            return result() == Result.APPLIED;
        }

        /**
         * The run is stored, with its tasks and their events.
         *
         * @param run the run as it stands
         */
        record Done(WorkflowRun run) implements Imported {
            /** Checks that the run is there. */
            public Done {
                Objects.requireNonNull(run, "run");
            }

            @Override
            public Result result() {
                return Result.APPLIED;
            }

            @Override
            public WorkflowRun orElseThrow() {
                return run;
            }
        }

        /**
         * A run with this id exists. Nothing changed.
         *
         * @param run that run as it stands now
         */
        record AlreadyThere(WorkflowRun run) implements Imported {
            /** Checks that the run is there. */
            public AlreadyThere {
                Objects.requireNonNull(run, "run");
            }

            @Override
            public Result result() {
                return Result.ALREADY;
            }

            @Override
            public WorkflowRun orElseThrow() {
                return run;
            }
        }

        /**
         * Nothing was stored, since another run has what this one needs: the guard, the id or the id of a task.
         *
         * @param reason the reason for people
         * @param blocker the run in the way; empty if it cannot be seen
         */
        record Refused(String reason, Optional<RunId> blocker) implements Imported {
            /** Checks that the parts are there. */
            public Refused {
                Objects.requireNonNull(reason, "reason");
                Objects.requireNonNull(blocker, "blocker");
            }

            @Override
            public Result result() {
                return Result.REJECTED;
            }

            @Override
            public WorkflowRun orElseThrow() {
                throw new RejectedException("import was refused: " + reason, this, null);
            }
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
