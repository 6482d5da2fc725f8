package dev.runledger.testkit;

import static dev.runledger.testkit.Commands.change;
import static dev.runledger.testkit.Commands.dispatch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;

/** Holds what the contracts of a store share: the store under test, and the ways to get a run into a state. */
@NullUnmarked // a null that should not be there fails the test that it is in
abstract class StoreContract {
    /** The store under test; new for each test. */
    protected RunStore store = RunStore.inMemory();

    /** Used by the contracts alone. */
    StoreContract() {}

    /** Returns a store that is empty, or that holds nothing of the ids that a test makes. */
    protected abstract RunStore newStore();

    @BeforeEach
    final void openStore() {
        store = newStore();
    }

    /** Returns a new run in this state, by the shortest way there. */
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
        way.forEach(step -> applied(change(id, step)));
        return reread(id);
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
            state = command.enters();
        }
        assertThat(reread(id).state()).isEqualTo(state);
    }

    final WorkflowRun dispatched(NewRun run) {
        Dispatch dispatch = store.apply(dispatch(run));
        assertThat(dispatch).isInstanceOf(Dispatch.Queued.class);
        return dispatch.orElseThrow();
    }

    final WorkflowRun applied(StoreCommand<Transition> change) {
        Transition transition = store.apply(change);
        assertThat(transition).isInstanceOf(Transition.Applied.class);
        return transition.orElseThrow();
    }

    /** Sends a change that has to be rejected. */
    final Transition.Rejected rejected(RunChange change) {
        Transition transition = store.apply(change);
        assertThat(transition).isInstanceOf(Transition.Rejected.class);
        return (Transition.Rejected) transition;
    }

    final WorkflowRun reread(RunId id) {
        return store.history().run(id).orElseThrow();
    }

    static NewRun aRun() {
        return NewRun.of("review").id(newId());
    }

    static NewRun on(String target) {
        return aRun().target(target);
    }

    static NewTask aTask(String name) {
        return NewTask.of(name).id(newTaskId());
    }

    static RunId newId() {
        return RunId.of(UUID.randomUUID().toString());
    }

    static TaskId newTaskId() {
        return TaskId.of(UUID.randomUUID().toString());
    }
}
