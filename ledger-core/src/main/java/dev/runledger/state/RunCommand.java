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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The eleven calls that decide a run, as data: the states that each may leave and the state that it enters.
 *
 * <p>This table is the state machine. Every store holds itself to it, the store contract of the testkit walks all of its
 * (state, call) pairs, and the diagram in the manual is {@link #diagram()}.
 */
public enum RunCommand {
    /** Makes a run. */
    DISPATCH("dispatch", QUEUED),
    /** Declines to make a run. Leaves and enters nothing. */
    REFUSE("refuse", null),
    /** The host could not hand the run to its queue. */
    ENQUEUE_FAILED("enqueueFailed", FAILED, QUEUED),
    /** A worker takes the run. */
    START("start", RUNNING, QUEUED),
    /** The run waits for something from outside and is owned by nobody. */
    SUSPEND("suspend", SUSPENDED, RUNNING),
    /** What the run waited for has come; it runs on, owned by nobody until a worker claims it. */
    RESUME("resume", RUNNING, SUSPENDED),
    /** The run gives its work to a child and runs on, owned by nobody, until the host ends it. */
    HAND_OFF("handOff", RUNNING, RUNNING),
    /** The work is done. */
    SUCCEED("succeed", SUCCEEDED, RUNNING),
    /** The work ran cleanly and what it was for is undone. */
    INCOMPLETE("incomplete", RunState.INCOMPLETE, RUNNING),
    /** The work failed. */
    FAIL("fail", FAILED, QUEUED, RUNNING, SUSPENDED),
    /** Somebody called the run off. */
    CANCEL("cancel", CANCELLED, QUEUED, RUNNING, SUSPENDED);

    private final String call;
    private final @Nullable RunState enters;
    private final Set<RunState> leaves;

    RunCommand(String call, @Nullable RunState enters, RunState... leaves) {
        this.call = call;
        this.enters = enters;
        EnumSet<RunState> from = EnumSet.noneOf(RunState.class);
        from.addAll(Arrays.asList(leaves));
        this.leaves = Collections.unmodifiableSet(from);
    }

    /** The name of the method on the ledger that makes this call, fit for a metric's tag. */
    public String call() {
        return call;
    }

    /** The states that this call may leave; empty where it starts from nothing. */
    public Set<RunState> leaves() {
        return leaves;
    }

    /** Whether this call may leave the given state. */
    public boolean leaves(RunState state) {
        return leaves.contains(state);
    }

    /** The state that this call enters, or empty for {@link #REFUSE}. */
    public Optional<RunState> enters() {
        return Optional.ofNullable(enters);
    }

    /** Whether this call ends a run. */
    public boolean isTerminal() {
        return enters != null && enters.isTerminal();
    }

    /** The state machine as a Mermaid state diagram, one line a step. */
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
