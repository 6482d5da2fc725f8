package dev.runledger.state;

import static dev.runledger.state.RunState.CANCELLED;
import static dev.runledger.state.RunState.FAILED;
import static dev.runledger.state.RunState.QUEUED;
import static dev.runledger.state.RunState.RUNNING;
import static dev.runledger.state.RunState.SUCCEEDED;
import static dev.runledger.state.RunState.SUSPENDED;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lists the calls that change a run, as data: the states that each call may leave and the state that it enters.
 *
 * <p>This table is the state machine. A dispatch makes a run in {@link RunState#QUEUED} and is therefore no entry: it leaves no
 * state. Every store holds itself to this table, the store contract of the testkit walks all (state, call) pairs, and the diagram in
 * the manual is {@link #diagram()}.
 */
public enum RunCommand {
    /** The application could not hand the run to its queue. */
    ENQUEUE_FAILED("enqueueFailed", FAILED, QUEUED),
    /** A worker takes the run. */
    START("start", RUNNING, QUEUED),
    /** The run waits for something from outside and has no owner. */
    SUSPEND("suspend", SUSPENDED, RUNNING),
    /** The wait is over. The run is RUNNING again and has no owner until a worker claims it. */
    RESUME("resume", RUNNING, SUSPENDED),
    /** The execution is over without an outcome, and the run waits for a worker again. */
    REQUEUE("requeue", QUEUED, RUNNING),
    /** The run gives its work to a child. It stays RUNNING without an owner until the application ends it. */
    HAND_OFF("handOff", RUNNING, RUNNING),
    /** The work is done. */
    SUCCEED("succeed", SUCCEEDED, RUNNING),
    /** The work ended without an error and did not reach its goal. */
    INCOMPLETE("incomplete", RunState.INCOMPLETE, RUNNING),
    /** The work failed. */
    FAIL("fail", FAILED, QUEUED, RUNNING, SUSPENDED),
    /** A person or a program cancelled the run. */
    CANCEL("cancel", CANCELLED, QUEUED, RUNNING, SUSPENDED);

    private final String call;
    private final RunState enters;
    private final Set<RunState> leaves;

    RunCommand(String call, RunState enters, RunState... leaves) {
        this.call = call;
        this.enters = enters;
        EnumSet<RunState> from = EnumSet.noneOf(RunState.class);
        from.addAll(Arrays.asList(leaves));
        this.leaves = Collections.unmodifiableSet(from);
    }

    /** Returns the name of the method on the ledger that makes this call. */
    public String call() {
        return call;
    }

    /** Returns the states that this call may leave. */
    public Set<RunState> leaves() {
        return leaves;
    }

    /** Returns whether this call may leave the given state. */
    public boolean leaves(RunState state) {
        return leaves.contains(state);
    }

    /** Returns the state that this call enters. */
    public RunState enters() {
        return enters;
    }

    /** Returns whether this call ends a run. */
    public boolean isTerminal() {
        return enters.isTerminal();
    }

    /** Returns the state machine as a Mermaid state diagram, one line for each pair of states. */
    public static String diagram() {
        StringBuilder diagram = new StringBuilder("stateDiagram-v2\n    [*] --> QUEUED: dispatch\n");
        for (RunState from : RunState.values()) {
            for (RunState to : RunState.values()) {
                String calls = Arrays.stream(values())
                        .filter(command -> command.leaves(from) && command.enters == to)
                        .map(RunCommand::call)
                        .collect(Collectors.joining(", "));
                if (!calls.isEmpty()) {
                    diagram.append("    %s --> %s: %s\n".formatted(from, to, calls));
                }
            }
        }
        for (RunState end : RunState.values()) {
            if (end.isTerminal()) {
                diagram.append("    %s --> [*]\n".formatted(end));
            }
        }
        return diagram.toString();
    }
}
