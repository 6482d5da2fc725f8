package dev.runledger.state;

import java.util.EnumSet;
import java.util.Set;

/**
 * The states of a workflow run.
 *
 * <p>A run is <em>in flight</em> in {@link #QUEUED}, {@link #RUNNING} and {@link #SUSPENDED}. The other four states are
 * <em>terminal</em>: no call leaves them. {@link RunCommand} says which call makes which step.
 */
public enum RunState {
    /** The run is stored and waits for a worker. Other systems call this PENDING. */
    QUEUED,
    /** A worker has taken the run, or the run has no owner after a resume or a hand-off. */
    RUNNING,
    /** The run waits for something from outside: an approval, a callback, a time. */
    SUSPENDED,
    /** The work is done. Other systems call this COMPLETED. */
    SUCCEEDED,
    /** The work ended without an error and did not reach its goal: the agent finished, and the build is still red. */
    INCOMPLETE,
    /** The work failed, could not be enqueued, or its worker was lost. */
    FAILED,
    /** A person or a program cancelled the run. */
    CANCELLED;

    /** Returns whether no call leaves this state. */
    public boolean isTerminal() {
        return !isInFlight();
    }

    /** Returns whether a run in this state has not ended. A run in flight holds the guard of its target. */
    public boolean isInFlight() {
        return this == QUEUED || this == RUNNING || this == SUSPENDED;
    }

    /** Returns the states that a call can enter from this one; empty for a terminal state. A hand-off leads from RUNNING to RUNNING. */
    public Set<RunState> successors() {
        EnumSet<RunState> successors = EnumSet.noneOf(RunState.class);
        for (RunCommand command : RunCommand.values()) {
            if (command.leaves(this)) {
                successors.add(command.enters());
            }
        }
        return successors;
    }
}
