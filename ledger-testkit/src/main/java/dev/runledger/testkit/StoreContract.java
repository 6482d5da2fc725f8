package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import dev.runledger.store.TaskChange;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of a store share: the store under test, and the ways to get a run into a state. */
@NullUnmarked // a null that should not be there fails the test that it is in
abstract class StoreContract {
    static final String WORKER = "worker-1";

    /** The store under test; new for each test. */
    protected RunStore store = RunStore.inMemory();

    /** Used by the contracts alone. */
    StoreContract() {}

    /** A store that is empty, or that holds nothing of the ids that a test makes. */
    protected abstract RunStore newStore();

    @BeforeEach
    final void openStore() {
        store = newStore();
    }

    // ---- what the tests are made of

    /** A new run in this state, by the shortest way there. */
    final WorkflowRun runIn(RunState state) {
        RunId id = dispatched(aRun()).id();
        List<RunCommand> way = switch (state) {
            case QUEUED -> List.of();
            case RUNNING -> List.of(RunCommand.START);
            case SUSPENDED -> List.of(RunCommand.START, RunCommand.SUSPEND);
            case SUCCEEDED -> List.of(RunCommand.START, RunCommand.SUCCEED);
            case INCOMPLETE -> List.of(RunCommand.START, RunCommand.INCOMPLETE);
            case FAILED -> List.of(RunCommand.START, RunCommand.FAIL);
            case CANCELLED -> List.of(RunCommand.START, RunCommand.CANCEL);
        };
        way.forEach(
                step -> assertThat(store.apply(change(id, step)).isApplied()).isTrue());
        return reread(id);
    }

    final Change change(RunId id, RunCommand command) {
        return switch (command) {
            case START -> Change.start(id, WORKER);
            case SUSPEND -> Change.suspend(id, Wait.of(Wait.Code.APPROVAL));
            case RESUME -> Change.resume(id, Resumption.of("approved", "ada"));
            case HAND_OFF ->
                Change.handOff(
                        id,
                        NewRun.of("child").id(RunId.of("child-of-" + id)));
            case SUCCEED -> Change.succeed(id);
            case INCOMPLETE -> Change.incomplete(id, "still red");
            case FAIL -> Change.fail(id, Failure.of("broken"));
            case ENQUEUE_FAILED -> Change.enqueueFailed(id, Failure.of("queue full"));
            case CANCEL -> Change.cancel(id, "called off");
            case DISPATCH, REFUSE -> throw new IllegalArgumentException(command + " changes no run");
        };
    }

    /** Replays the stored events of a run through the table. */
    final void assertThatTheHistoryIsGapFreeAndLegal(RunId id) {
        List<LedgerEvent> events = store.history().events(id);
        assertThat(events)
                .extracting(LedgerEvent::eventId)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, reread(id).seq())
                        .mapToObj(seq -> id + ":" + seq)
                        .toList());
        RunState state = RunState.QUEUED;
        assertThat(events.get(0).type()).isEqualTo(WorkflowRunEvent.QUEUED);
        for (LedgerEvent event : events.subList(1, events.size())) {
            RunCommand command = ((WorkflowRunEvent) event.type()).command().orElseThrow();
            assertThat(command.leaves(state)).as("%s leaves %s", command, state).isTrue();
            state = command.enters().orElseThrow();
        }
        assertThat(reread(id).state()).isEqualTo(state);
    }

    final WorkflowRun dispatched(NewRun run) {
        Dispatch dispatch = store.dispatch(run, null, null);
        assertThat(dispatch).isInstanceOf(Dispatch.Queued.class);
        return dispatch.orElseThrow();
    }

    final WorkflowRun applied(Change change) {
        Transition transition = store.apply(change);
        assertThat(transition).isInstanceOf(Transition.Applied.class);
        return transition.orElseThrow();
    }

    final WorkflowRun reread(RunId id) {
        return store.history().run(id).orElseThrow();
    }

    static NewRun aRun() {
        return NewRun.of("review").id(newId());
    }

    static NewRun on(String target) {
        return NewRun.of("review").id(newId()).target(target);
    }

    static TaskChange failed(TaskId task) {
        return TaskChange.fail(task, Failure.of("broken"), TaskRun.Result.nothing());
    }

    static TaskChange succeeded(TaskId task) {
        return TaskChange.succeed(task, TaskRun.Result.nothing());
    }

    static RunId newId() {
        return RunId.of(UUID.randomUUID().toString());
    }

    static TaskId newTaskId() {
        return TaskId.of(UUID.randomUUID().toString());
    }
}
