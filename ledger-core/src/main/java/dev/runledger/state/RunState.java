package dev.runledger.state;

import java.util.EnumSet;
import java.util.Set;

/**
 * The states of a workflow run.
 *
 * <p>A run is <em>in flight</em> in {@link #QUEUED}, {@link #RUNNING} and {@link #SUSPENDED}; the other four are
 * <em>terminal</em> and nothing leaves them. Which call makes which step is {@link RunCommand}'s to say; the successors are
 * derived from it, so that there is one table.
 */
public enum RunState {
    /** The run exists and waits for a worker. Other systems say PENDING. */
    QUEUED,
    /** A worker has taken the run, or it runs unowned after a resume or a hand-off. */
    RUNNING,
    /** The run waits for something from outside: an approval, a callback, a time. */
    SUSPENDED,
    /** The work is done. */
    SUCCEEDED,
    /** The work ran cleanly and what it was for is still undone: the agent finished, the build is still red. */
    INCOMPLETE,
    /** The work failed, could not be enqueued, or was lost. */
    FAILED,
    /** Somebody called it off. */
    CANCELLED;

    /** Whether nothing leaves this state. */
    public boolean isTerminal() {
        return !isInFlight();
    }

    /** Whether a run in this state holds its in-flight guard. */
    public boolean isInFlight() {
        return this == QUEUED || this == RUNNING || this == SUSPENDED;
    }

    /** The states that some call leads to from this one; empty for a terminal state. RUNNING follows itself by a hand-off. */
    public Set<RunState> successors() {
        EnumSet<RunState> successors = EnumSet.noneOf(RunState.class);
        for (RunCommand command : RunCommand.values()) {
            if (command.leaves(this)) {
                command.enters().ifPresent(successors::add);
            }
        }
        return successors;
    }
}
