package dev.runledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.state.TaskState;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What an import is made of, and what it says about a change that does not fit. */
class RunImportTest {
    private static final Instant THEN = Instant.parse("2019-05-06T07:08:09Z");
    private static final NewTask BUILD = NewTask.of("build").id(TaskId.of("build-1"));

    private static Instant at(int seconds) {
        return THEN.plusSeconds(seconds);
    }

    private static RunImport queued() {
        return RunImport.of(NewRun.of("import").id(RunId.of("old-1")), THEN);
    }

    private static RunImport running() {
        return queued().started(at(1), "worker-3");
    }

    private static void assertMisfit(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    // ---- what does not fit

    @Test
    void aChangeThatDoesNotFitIsNamedWithItsTimeAndTheState() {
        assertMisfit(
                () -> queued().succeeded(at(1)),
                "succeeded at 2019-05-06T07:08:10Z: run old-1 is QUEUED: expected one that is RUNNING");
        assertMisfit(
                () -> running().started(at(2), "worker-3"),
                "started at 2019-05-06T07:08:11Z: run old-1 is RUNNING: expected one that is QUEUED");
        assertMisfit(
                () -> running().succeeded(at(2)).cancelled(at(3), "late"),
                "cancelled at 2019-05-06T07:08:12Z: run old-1 is SUCCEEDED: expected one that is QUEUED or RUNNING or SUSPENDED");
        assertMisfit(
                () -> running().handedOff(at(2), RunId.of("child")).requeued(at(3), "deploy"),
                "requeued at 2019-05-06T07:08:12Z: run old-1 is RUNNING: it was handed off");
        Wait wait = Wait.of(Wait.Code.CALLBACK).correlationKey("a");
        assertMisfit(
                () -> running()
                        .suspended(at(2), wait)
                        .resumed(at(3), Resumption.of().correlationKey("b")),
                "resumed at 2019-05-06T07:08:12Z: run old-1 is SUSPENDED: it waits for another correlation key");
    }

    @Test
    void aTimeBeforeTheOneBeforeItIsNamed() {
        assertMisfit(
                () -> queued().started(at(-1), "worker-3"),
                "started at 2019-05-06T07:08:08Z: old-1 was changed at 2019-05-06T07:08:09Z before that,"
                        + " expected that time or a later one");
        assertMisfit(
                () -> running().failed(THEN, Failure.of("broken")),
                "failed at 2019-05-06T07:08:09Z: old-1 was changed at 2019-05-06T07:08:10Z before that,"
                        + " expected that time or a later one");
        assertMisfit(
                () -> running().task(BUILD, at(5), attempts -> attempts.succeeded(at(4))),
                "succeeded at 2019-05-06T07:08:13Z: build-1 was changed at 2019-05-06T07:08:14Z before that,"
                        + " expected that time or a later one");
    }

    @Test
    void aChangeOfATaskThatDoesNotFitIsNamed() {
        assertMisfit(
                () -> running()
                        .task(
                                BUILD,
                                at(2),
                                attempts -> attempts.succeeded(at(3)).retried(at(4)))
                        .toCommand(),
                "retried at 2019-05-06T07:08:13Z: task build-1 is SUCCEEDED: workflow.task.retrying does not fit");
        assertMisfit(
                () -> running().succeeded(at(2)).task(BUILD, at(3)).toCommand(),
                "started at 2019-05-06T07:08:12Z: task build-1: its run old-1 is SUCCEEDED");
        assertMisfit(
                () -> running().task(BUILD, at(2)).task(BUILD, at(3)).toCommand(),
                "started at 2019-05-06T07:08:12Z: task build-1 is RUNNING: workflow.task.started does not fit");
        assertMisfit(
                () -> running()
                        .requeued(at(3), "deploy")
                        .started(at(4), "worker-4")
                        .task(BUILD, at(2), attempts -> attempts.succeeded(at(5)))
                        .toCommand(),
                "succeeded at 2019-05-06T07:08:14Z: task build-1 was started by execution 1 of its run, which is at 2");
        assertMisfit(
                () -> running()
                        .skipped(BUILD.id(TaskId.of("old-1")), at(2), "cached")
                        .toCommand(),
                "skipped at 2019-05-06T07:08:11Z: task old-1 has the id of its run, expected another");
    }

    @Test
    void whatHasNoIdIsRefused() {
        assertMisfit(() -> RunImport.of(NewRun.of("import"), THEN), "a run of 'import' has no id, expected one");
        assertMisfit(
                () -> running().task(NewTask.of("build"), at(2)), "task 'build' of run old-1 has no id, expected one");
    }

    @Test
    void onlyChangesOfTheRunAreImported() {
        StoreCommand.Head head = StoreCommand.Head.of();
        RunChange other = new RunChange.Succeed(RunId.of("old-2"), head);
        NewRun run = NewRun.of("import").id(RunId.of("old-1"));
        assertMisfit(
                () -> new StoreCommand.ImportRun(run, THEN, List.of(new RunImport.Change(other, THEN)), head),
                "succeeded at 2019-05-06T07:08:09Z is of run old-2, expected run old-1");
        assertMisfit(
                () -> new RunImport.Change(new StoreCommand.DispatchRun(run, head), THEN),
                "DISPATCH is imported, expected a change of a run or a task");
    }

    // ---- what comes of it

    @Test
    void eachStateCanBeReached() {
        Wait wait = Wait.of(Wait.Code.APPROVAL);
        assertThat(stateOf(queued())).isEqualTo(RunState.QUEUED);
        assertThat(stateOf(running())).isEqualTo(RunState.RUNNING);
        assertThat(stateOf(running().suspended(at(2), wait))).isEqualTo(RunState.SUSPENDED);
        assertThat(stateOf(running().succeeded(at(2)))).isEqualTo(RunState.SUCCEEDED);
        assertThat(stateOf(running().incomplete(at(2), "red"))).isEqualTo(RunState.INCOMPLETE);
        assertThat(stateOf(running().suspended(at(2), wait).failed(at(3), Failure.of("late"))))
                .isEqualTo(RunState.FAILED);
        assertThat(stateOf(queued().enqueueFailed(at(1), Failure.of("full")))).isEqualTo(RunState.FAILED);
        assertThat(stateOf(queued().cancelled(at(1), "called off"))).isEqualTo(RunState.CANCELLED);
    }

    private static RunState stateOf(RunImport run) {
        return run.toCommand().life().run().state();
    }

    @Test
    void noClaimIsImported() {
        WorkflowRun run = running().toCommand().life().run();
        assertThat(run.owner()).contains("worker-3");
        assertThat(run.claimToken()).isEmpty();
    }

    @Test
    void atTheSameTimeTheEndOfTheRunComesLast() {
        RunImport.Life life = running()
                .succeeded(at(2))
                .task(BUILD, at(1), attempts -> attempts.succeeded(at(2)))
                .toCommand()
                .life();
        assertThat(life.run().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(life.tasks()).extracting(TaskRun::state).containsExactly(TaskState.SUCCEEDED);
    }

    @Test
    void tasksMayOverlap() {
        NewTask test = NewTask.of("test").id(TaskId.of("test-1"));
        RunImport.Life life = running()
                .task(BUILD, at(2), attempts -> attempts.failed(at(9), Failure.of("flaky")))
                .task(test, at(3), attempts -> attempts.succeeded(at(4)))
                .toCommand()
                .life();
        assertThat(life.tasks()).extracting(TaskRun::changedAt).containsExactly(at(9), at(4));
    }
}
