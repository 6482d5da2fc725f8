package dev.runledger.run;

import dev.runledger.failure.Failure;
import java.util.Objects;
import java.util.Optional;

/** What a handler says of the run that it executed. The ledger stores it and emits its event. */
public sealed interface RunOutcome {
    /** Returns the outcome of work that is done. */
    static RunOutcome succeeded() {
        return new Succeeded();
    }

    /** Returns the outcome of work that ended without an error and did not reach its goal, for this reason. */
    static RunOutcome incomplete(String reason) {
        return new Incomplete(reason);
    }

    /** Returns the outcome of work that failed. */
    static RunOutcome failed(Failure failure) {
        return new Failed(failure);
    }

    /** Returns the outcome of work that failed for this reason, without an error. */
    static RunOutcome failed(String reason) {
        return new Failed(Failure.of(reason));
    }

    /** Returns the outcome of work that waits for something from outside. A worker claims the run after a resume. */
    static RunOutcome suspended(Wait wait) {
        return new Suspended(wait);
    }

    /**
     * Returns the outcome of work that is given to a child. The application ends this run when its children have ended. If the child is
     * refused, this run fails with a reason that begins with {@code child_refused}, unless {@link HandedOff#orElse} says otherwise.
     */
    static HandedOff handedOff(NewRun child) {
        return new HandedOff(child, Optional.empty());
    }

    /** See {@link #succeeded()}. */
    record Succeeded() implements RunOutcome {}

    /**
     * See {@link #incomplete(String)}.
     *
     * @param reason why the goal was not reached
     */
    record Incomplete(String reason) implements RunOutcome {
        /** Checks that the reason is there. */
        public Incomplete {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String toString() {
            return "Incomplete[reason %s]".formatted(Require.size(reason));
        }
    }

    /**
     * See {@link #failed(Failure)}.
     *
     * @param failure how it failed
     */
    record Failed(Failure failure) implements RunOutcome {
        /** Checks that the failure is there. */
        public Failed {
            Objects.requireNonNull(failure, "failure");
        }
    }

    /**
     * See {@link #suspended(Wait)}.
     *
     * @param waitFor what it waits for
     */
    record Suspended(Wait waitFor) implements RunOutcome {
        /** Checks that the wait is there. */
        public Suspended {
            Objects.requireNonNull(waitFor, "waitFor");
        }
    }

    /**
     * See {@link #handedOff(NewRun)}.
     *
     * @param child the run that takes over
     * @param ifRefused the outcome if the child is refused; empty to fail
     */
    record HandedOff(NewRun child, Optional<RunOutcome> ifRefused) implements RunOutcome {
        /** Checks that the child is there, and that the other outcome is no hand-off. */
        public HandedOff {
            Objects.requireNonNull(child, "child");
            if (ifRefused.filter(HandedOff.class::isInstance).isPresent()) {
                throw new IllegalArgumentException(
                        "the outcome of a refused hand-off is a hand-off, expected another one");
            }
        }

        /** Returns the same outcome with what it is if the child is refused. */
        public HandedOff orElse(RunOutcome ifRefused) {
            return new HandedOff(child, Optional.of(ifRefused));
        }
    }
}
