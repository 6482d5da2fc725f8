package dev.runledger.testkit;

import static dev.runledger.testkit.Commands.WORKER;
import static dev.runledger.testkit.Commands.fail;
import static dev.runledger.testkit.Commands.start;
import static dev.runledger.testkit.Commands.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.runledger.failure.Failure;
import dev.runledger.history.RunStatistics;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The part of {@link RunHistoryContract} for stores that implement {@link RunStatistics}. It is skipped for the others. */
@NullUnmarked // a null that should not be there fails the test that it is in
abstract class RunStatisticsContract extends StoreContract {
    /** The project of the runs that a test makes, so that it sees no others. */
    final String project = "project-" + newId();

    /** Used by the contract alone. */
    RunStatisticsContract() {}

    @Test
    final void aSnapshotCountsWhatIsInFlightByWorkflowQueueAndState() {
        RunStatistics statistics = statistics();
        String workflow = "workflow-" + newId();
        NewRun asked = NewRun.of(workflow).project(project).taskQueue("q-1");
        WorkflowRun oldest = dispatched(asked.id(newId()));
        dispatched(asked.id(newId()));
        started(asked);
        applied(succeed(started(asked)));
        dispatched(NewRun.of(workflow).id(newId()));

        RunStatistics.Snapshot snapshot = statistics.snapshot(Duration.ofDays(1));
        List<RunStatistics.Group> groups = snapshot.inFlight().stream()
                .filter(group -> group.workflowName().equals(workflow))
                .toList();
        assertThat(groups)
                .extracting(RunStatistics.Group::state, RunStatistics.Group::count, RunStatistics.Group::taskQueue)
                .containsExactlyInAnyOrder(
                        tuple(RunState.QUEUED, 2L, Optional.of("q-1")),
                        tuple(RunState.RUNNING, 1L, Optional.of("q-1")),
                        tuple(RunState.QUEUED, 1L, Optional.empty()));
        assertThat(groups)
                .filteredOn(group -> group.count() == 2)
                .extracting(RunStatistics.Group::since)
                .containsExactly(oldest.times().queuedAt());
        assertThat(snapshot.at()).isAfterOrEqualTo(oldest.times().queuedAt());
    }

    @Test
    final void aSnapshotCountsWhatFailedAndHasNotSucceededSince() {
        RunStatistics statistics = statistics();
        String workflow = "workflow-" + newId();
        NewRun failing = NewRun.of(workflow).project(project).target("a");
        NewRun healed = failing.target("b");
        for (NewRun asked : List.of(failing, healed)) {
            applied(fail(started(asked), Failure.of("x")));
        }
        applied(succeed(started(healed)));
        assertThat(statistics.snapshot(Duration.ofDays(1)).failing()).containsEntry(workflow, 1L);
        assertThat(statistics.snapshot(Duration.ZERO).failing()).doesNotContainKey(workflow);
    }

    @Test
    final void aWorkflowWithNothingInFlightHasAGroupOfNoRuns() {
        RunStatistics statistics = statistics();
        String workflow = "workflow-" + newId();
        applied(succeed(started(NewRun.of(workflow).project(project).taskQueue("q-1"))));
        RunStatistics.Snapshot snapshot = statistics.snapshot(Duration.ofDays(1));
        assertThat(snapshot.inFlight())
                .filteredOn(group -> group.workflowName().equals(workflow))
                .containsExactly(
                        new RunStatistics.Group(workflow, Optional.of("q-1"), RunState.QUEUED, 0, snapshot.at()));
    }

    @Test
    final void aSnapshotLeavesDraftRunsOut() {
        RunStatistics statistics = statistics();
        NewRun draft = NewRun.of("workflow-" + newId()).project(project).channel(NewRun.Channel.DRAFT);
        started(draft);
        applied(fail(started(draft), Failure.of("x")));
        RunStatistics.Snapshot snapshot = statistics.snapshot(Duration.ofDays(1));
        assertThat(snapshot.inFlight())
                .extracting(RunStatistics.Group::workflowName)
                .doesNotContain(draft.workflowName());
        assertThat(snapshot.failing()).doesNotContainKey(draft.workflowName());
    }

    private RunStatistics statistics() {
        Assumptions.assumeTrue(store instanceof RunStatistics, "this store does not implement RunStatistics");
        return (RunStatistics) store;
    }

    private RunId started(NewRun asked) {
        RunId id = dispatched(asked.id(newId())).id();
        applied(start(id, WORKER));
        return id;
    }

    final NewRun ofProject() {
        return aRun().project(project);
    }
}
