package dev.runledger.testkit;

import static dev.runledger.testkit.Commands.change;
import static dev.runledger.testkit.Commands.fail;
import static dev.runledger.testkit.Commands.keyed;
import static dev.runledger.testkit.Commands.retry;
import static dev.runledger.testkit.Commands.skip;
import static dev.runledger.testkit.Commands.start;
import static dev.runledger.testkit.Commands.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.LedgerEvent;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.state.RunState;
import dev.runledger.state.TaskState;
import dev.runledger.store.TaskChange;
import dev.runledger.store.TaskChange.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The part of {@link RunStoreContract} that is about tasks. */
@NullUnmarked // a null that should not be there fails the test that it is in
abstract class TaskContract extends IdentityContract {
    /** Used by the contract alone. */
    TaskContract() {}

    // ---- the table

    @TestFactory
    final List<DynamicTest> everyCallOnATaskInEveryStateDoesWhatTheTableSays() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            tests.add(DynamicTest.dynamicTest(
                    "%s of a task that is not there".formatted(kind), () -> callOnNoTaskDoesWhatTheTableSays(kind)));
            for (TaskState state : TaskState.values()) {
                tests.add(DynamicTest.dynamicTest(
                        "%s of a task that is %s".formatted(kind, state), () -> callDoesWhatTheTableSays(state, kind)));
            }
        }
        return tests;
    }

    private void callOnNoTaskDoesWhatTheTableSays(Kind kind) {
        RunId run = runIn(RunState.RUNNING).id();
        NewTask task = aTask("fetch");
        TaskTransition transition = store.apply(change(run, task, kind));
        Optional<TaskRun> after = store.history().task(task.id().orElseThrow());
        if (kind.isBegin()) {
            assertThat(transition).isInstanceOf(TaskTransition.Applied.class);
            assertThat(after).map(TaskRun::state).contains(kind.enters());
        } else {
            assertThat(transition).isInstanceOf(TaskTransition.NotFound.class);
            assertThat(after).isEmpty();
        }
    }

    private void callDoesWhatTheTableSays(TaskState state, Kind kind) {
        RunId run = runIn(RunState.RUNNING).id();
        NewTask task = aTask("fetch");
        TaskRun before = taskIn(state, run, task);
        TaskTransition transition = store.apply(change(run, task, kind));
        TaskRun after = store.history().task(before.id()).orElseThrow();
        if (isTheStateThatTheCallMade(state, kind)) {
            assertThat(transition).isInstanceOf(TaskTransition.AlreadyApplied.class);
            assertThat(after).isEqualTo(before);
        } else if (!kind.isBegin() && state.mayBecome(kind.enters())) {
            assertThat(transition).isInstanceOf(TaskTransition.Applied.class);
            assertThat(after.state()).isEqualTo(kind.enters());
            assertThat(after.seq()).isEqualTo(before.seq() + 1);
        } else {
            assertThat(transition).isInstanceOf(TaskTransition.Rejected.class);
            assertThat(after).isEqualTo(before);
        }
    }

    private TaskRun taskIn(TaskState state, RunId run, NewTask task) {
        TaskId id = task.id().orElseThrow();
        store.apply(state == TaskState.SKIPPED ? skip(run, task) : start(run, task))
                .orElseThrow();
        switch (state) {
            case SUCCEEDED -> store.apply(succeed(id)).orElseThrow();
            case FAILED -> store.apply(fail(id)).orElseThrow();
            case ABANDONED -> applied(succeed(run));
            case RUNNING, SKIPPED -> {}
        }
        return store.history().task(id).orElseThrow();
    }

    private static boolean isTheStateThatTheCallMade(TaskState state, Kind kind) {
        return switch (kind) {
            case START -> state != TaskState.SKIPPED;
            case SKIP -> state == TaskState.SKIPPED;
            case SUCCEED -> state == TaskState.SUCCEEDED;
            case FAIL -> state == TaskState.FAILED;
            case RETRY -> false;
        };
    }

    // ---- lives

    @Test
    final void aTaskFailsIsRetriedAndSucceeds() {
        RunId run = runIn(RunState.RUNNING).id();
        long seq = reread(run).seq();
        NewTask asked = aTask("fetch");
        TaskId task = asked.id().orElseThrow();
        assertThat(store.apply(start(run, asked)).isApplied()).isTrue();
        assertThat(store.apply(start(run, asked))).isInstanceOf(TaskTransition.AlreadyApplied.class);
        assertThat(store.apply(retry(task))).isInstanceOf(TaskTransition.Rejected.class);
        assertThat(store.apply(fail(task)).isApplied()).isTrue();
        assertThat(store.apply(fail(task))).isInstanceOf(TaskTransition.AlreadyApplied.class);
        assertThat(store.apply(succeed(task))).isInstanceOf(TaskTransition.Rejected.class);
        assertThat(store.apply(retry(task)).orElseThrow().attempt()).isEqualTo(2);
        assertThat(store.apply(succeed(task)).orElseThrow().seq()).isEqualTo(4);
        assertThat(store.apply(retry(task))).isInstanceOf(TaskTransition.Rejected.class);

        assertThat(store.history().tasks(run)).hasSize(1);
        assertThat(store.history().events(run))
                .extracting(LedgerEvent::eventId)
                .contains(task + ":1", task + ":2", task + ":3", task + ":4");
        assertThat(reread(run).seq()).as("tasks never move the run").isEqualTo(seq);
    }

    @Test
    final void theSameKeyOnATaskNamesTheStoredEventWhateverCameAfter() {
        RunId run = runIn(RunState.RUNNING).id();
        NewTask asked = aTask("fetch");
        TaskId task = asked.id().orElseThrow();
        store.apply(start(run, asked)).orElseThrow();
        TaskChange failed = keyed("first", fail(task));
        store.apply(failed).orElseThrow();
        store.apply(keyed("second", retry(task))).orElseThrow();
        TaskTransition again = store.apply(keyed("first", fail(task)));
        assertThat(again).isInstanceOf(TaskTransition.AlreadyApplied.class);
        assertThat(((TaskTransition.AlreadyApplied) again).eventId()).isEqualTo(task + ":2");
        assertThat(((TaskTransition.AlreadyApplied) again).standing().state()).isEqualTo(TaskState.RUNNING);
        assertThat(store.apply(keyed("second", retry(task)))).isInstanceOf(TaskTransition.AlreadyApplied.class);
    }

    @Test
    final void aSkippedTaskRanNever() {
        RunId run = runIn(RunState.RUNNING).id();
        NewTask asked = aTask("fetch");
        assertThat(store.apply(skip(run, asked)).orElseThrow().state()).isEqualTo(TaskState.SKIPPED);
        assertThat(store.apply(start(run, asked))).isInstanceOf(TaskTransition.Rejected.class);
        assertThat(store.apply(succeed(asked.id().orElseThrow()))).isInstanceOf(TaskTransition.Rejected.class);
    }

    @Test
    final void aTaskOfARunThatEndedReadsAsAbandonedAndTakesNoCall() {
        RunId run = runIn(RunState.RUNNING).id();
        NewTask asked = aTask("fetch");
        TaskId task = asked.id().orElseThrow();
        store.apply(start(run, asked)).orElseThrow();
        applied(succeed(run));
        assertThat(store.history().task(task).orElseThrow().state()).isEqualTo(TaskState.ABANDONED);
        assertThat(store.apply(succeed(task))).isInstanceOf(TaskTransition.Rejected.class);
        assertThat(store.apply(start(run, aTask("b")))).isInstanceOf(TaskTransition.Rejected.class);
        assertThat(store.apply(succeed(newTaskId()))).isInstanceOf(TaskTransition.NotFound.class);
        assertThat(store.apply(start(newId(), aTask("c")))).isInstanceOf(TaskTransition.NotFound.class);
    }
}
