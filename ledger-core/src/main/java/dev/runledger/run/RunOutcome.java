package dev.runledger.run;

import java.util.Objects;

/** What a handler says of the run that it was given. */
public sealed interface RunOutcome {
    /** The work is done. */
    static RunOutcome succeeded() {
        return new Succeeded();
    }

    /** The work ran cleanly and what it was for is undone, for this reason. */
    static RunOutcome incomplete(String reason) {
        return new Incomplete(reason);
    }

    /** The work failed. */
    static RunOutcome failed(Failure failure) {
        return new Failed(failure);
    }

    /** The work failed for this reason, without an error. */
    static RunOutcome failed(String reason) {
        return new Failed(Failure.of(reason));
    }

    /** The run waits for something from outside; a later resume lets a worker claim it. */
    static RunOutcome suspended(Wait wait) {
        return new Suspended(wait);
    }

    /** The work is given to a child; the host ends this run when its children have ended. */
    static RunOutcome handedOff(NewRun child) {
        return new HandedOff(child);
    }

    /** See {@link #succeeded()}. */
    record Succeeded() implements RunOutcome {}

    /**
     * See {@link #incomplete(String)}.
     *
     * @param reason what is undone
     */
    record Incomplete(String reason) implements RunOutcome {
        /** Checks the parts. */
        public Incomplete {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * See {@link #failed(Failure)}.
     *
     * @param failure how it failed
     */
    record Failed(Failure failure) implements RunOutcome {
        /** Checks the parts. */
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
        /** Checks the parts. */
        public Suspended {
            Objects.requireNonNull(waitFor, "waitFor");
        }
    }

    /**
     * See {@link #handedOff(NewRun)}.
     *
     * @param child the run that takes over
     */
    record HandedOff(NewRun child) implements RunOutcome {
        /** Checks the parts. */
        public HandedOff {
            Objects.requireNonNull(child, "child");
        }
    }
}
