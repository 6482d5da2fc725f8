package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.LedgerEvent;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskTransition;
import dev.runledger.state.RunState;
import dev.runledger.state.TaskState;
import dev.runledger.store.RunChange;
import dev.runledger.store.TaskChange;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** The part of {@link RunStoreContract} that is about tasks. */
@NullUnmarked // a null that should not be there fails the test that it is in
abstract class TaskContract extends StoreContract {
    /** Used by the contract alone. */
    TaskContract() {}

    @Test
    final void aTaskFailsIsRetriedAndSucceeds() {
        RunId run = runIn(RunState.RUNNING).id();
        long seq = reread(run).seq();
        NewTask asked = NewTask.of("fetch").id(newTaskId());
        TaskId task = asked.id();
        assertThat(store.apply(TaskChange.start(run, asked)).isApplied()).isTrue();
        assertThat(store.apply(TaskChange.start(run, asked))).isInstanceOf(TaskTransition.AlreadyApplied.class);
        assertThat(store.apply(TaskChange.retry(task))).isInstanceOf(TaskTransition.Rejected.class);
        assertThat(store.apply(failed(task)).isApplied()).isTrue();
        assertThat(store.apply(failed(task))).isInstanceOf(TaskTransition.AlreadyApplied.class);
        assertThat(store.apply(succeeded(task))).isInstanceOf(TaskTransition.Rejected.class);
        assertThat(store.apply(TaskChange.retry(task)).orElseThrow().attempt()).isEqualTo(2);
        assertThat(store.apply(succeeded(task)).orElseThrow().seq()).isEqualTo(4);
        assertThat(store.apply(TaskChange.retry(task))).isInstanceOf(TaskTransition.Rejected.class);

        assertThat(store.history().tasks(run)).hasSize(1);
        assertThat(store.history().events(run))
                .extracting(LedgerEvent::eventId)
                .contains(task + ":1", task + ":2", task + ":3", task + ":4");
        assertThat(reread(run).seq()).as("tasks never move the run").isEqualTo(seq);
    }

    @Test
    final void aSkippedTaskRanNever() {
        RunId run = runIn(RunState.RUNNING).id();
        NewTask asked = NewTask.of("fetch").id(newTaskId());
        assertThat(store.apply(TaskChange.skip(run, asked, "cached"))
                        .orElseThrow()
                        .state())
                .isEqualTo(TaskState.SKIPPED);
        assertThat(store.apply(TaskChange.start(run, asked))).isInstanceOf(TaskTransition.Rejected.class);
        assertThat(store.apply(succeeded(asked.id()))).isInstanceOf(TaskTransition.Rejected.class);
    }

    @Test
    final void aTaskOfARunThatEndedReadsAsAbandonedAndTakesNoCall() {
        RunId run = runIn(RunState.RUNNING).id();
        NewTask asked = NewTask.of("fetch").id(newTaskId());
        store.apply(TaskChange.start(run, asked));
        store.apply(Change.succeed(run));
        assertThat(store.history().task(asked.id()).orElseThrow().state()).isEqualTo(TaskState.ABANDONED);
        assertThat(store.apply(succeeded(asked.id()))).isInstanceOf(TaskTransition.Rejected.class);
        assertThat(store.apply(TaskChange.start(run, NewTask.of("b").id(newTaskId()))))
                .isInstanceOf(TaskTransition.Rejected.class);
        assertThat(store.apply(succeeded(newTaskId()))).isInstanceOf(TaskTransition.NotFound.class);
        assertThat(store.apply(TaskChange.start(newId(), NewTask.of("c").id(newTaskId()))))
                .isInstanceOf(TaskTransition.NotFound.class);
    }
}
