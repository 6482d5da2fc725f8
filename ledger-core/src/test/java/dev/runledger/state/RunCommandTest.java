package dev.runledger.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunCommandTest {
    @Test
    void theDiagramHasEveryStep() {
        assertThat(RunCommand.diagram()).isEqualTo("""
                        stateDiagram-v2
                            [*] --> QUEUED: dispatch
                            QUEUED --> RUNNING: start
                            QUEUED --> FAILED: enqueueFailed, fail
                            QUEUED --> CANCELLED: cancel
                            RUNNING --> QUEUED: requeue
                            RUNNING --> RUNNING: handOff
                            RUNNING --> SUSPENDED: suspend
                            RUNNING --> SUCCEEDED: succeed
                            RUNNING --> INCOMPLETE: incomplete
                            RUNNING --> FAILED: fail
                            RUNNING --> CANCELLED: cancel
                            SUSPENDED --> RUNNING: resume
                            SUSPENDED --> FAILED: fail
                            SUSPENDED --> CANCELLED: cancel
                            SUCCEEDED --> [*]
                            INCOMPLETE --> [*]
                            FAILED --> [*]
                            CANCELLED --> [*]
                        """);
    }

    @Test
    void nothingLeavesATerminalState() {
        for (RunState state : RunState.values()) {
            assertThat(state.successors().isEmpty()).isEqualTo(state.isTerminal());
            assertThat(state.isInFlight()).isNotEqualTo(state.isTerminal());
        }
        assertThat(RunState.SUSPENDED.successors())
                .isEqualTo(EnumSet.of(RunState.RUNNING, RunState.FAILED, RunState.CANCELLED));
    }

    @Test
    void aTaskThatFailedMayRunAgainAndNoOtherMay() {
        Set<TaskState> again = EnumSet.noneOf(TaskState.class);
        for (TaskState state : TaskState.values()) {
            if (state.mayBecome(TaskState.RUNNING)) {
                again.add(state);
            }
        }
        assertThat(again).containsExactly(TaskState.FAILED);
    }
}
