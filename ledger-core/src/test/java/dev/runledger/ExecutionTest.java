package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.CallOutcome.RejectedException;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.EventSink;
import dev.runledger.state.RunState;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a run whose handler throws, is interrupted, is cancelled or hands off, and whose store fails. */
class ExecutionTest {
    /** Fails so many commands of one call before it lets them through. */
    private static final class Failing implements RunStore {
        private final RunStore store = RunStore.inMemory();
        private StoreCommand.Call failing = StoreCommand.Call.IMPORT;
        private int times;
        private final List<String> callIds = new ArrayList<>();

        void fail(StoreCommand.Call call, int times) {
            this.failing = call;
            this.times = times;
        }

        @Override
        public <O extends CallOutcome> O apply(StoreCommand<O> command) {
            if (command.call() == failing) {
                callIds.add(command.head().callId());
                if (times-- > 0) {
                    throw new StoreException("the database is away", StoreException.Certainty.UNKNOWN, null);
                }
            }
            return store.apply(command);
        }

        @Override
        public byte[] identityKey() {
            return store.identityKey();
        }

        @Override
        public RunHistory history() {
            return store.history();
        }
    }

    private final Failing store = new Failing();
    private final List<LedgerEvent> events = new ArrayList<>();
    private final List<RunId> queued = new ArrayList<>();
    private boolean full;

    private final Ledger ledger = Ledger.builder()
            .store(store)
            .sink(EventSink.inline(events::add))
            .queue(this::enqueue)
            .endTimeout(Duration.ofSeconds(20))
            .build();

    private void enqueue(WorkflowRun run) {
        if (full) {
            throw new RejectedExecutionException("the queue is full");
        }
        queued.add(run.id());
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private RunId dispatched(String target) {
        return ledger.dispatch(
                        NewRun.of("review").project("acme").taskQueue("main").target(target))
                .orElseThrow()
                .id();
    }

    private RunState state(RunId id) {
        return ledger.history().state(id).orElseThrow();
    }

    // ---- what is thrown

    @Test
    void whatTheHandlerThrowsFailsTheRunAndIsRethrown() {
        RunId id = dispatched("a");
        IOException broken = new IOException("no route");
        assertThatThrownBy(() -> ledger.execute(id, "w", scope -> {
                    throw broken;
                }))
                .isSameAs(broken);
        assertThat(state(id)).isEqualTo(RunState.FAILED);
    }

    @Test
    void aStoreThatIsAwayBeforeTheHandlerIsNoErrorOfTheHandler() {
        RunId id = dispatched("a");
        store.fail(StoreCommand.Call.START, 1);
        AtomicInteger handled = new AtomicInteger();
        RunScope.Result result = ledger.tryExecute(id, "w", scope -> {
            handled.incrementAndGet();
            return RunOutcome.succeeded();
        });
        assertThat(result.notStored()).isPresent();
        assertThat(result.thrown()).isEmpty();
        assertThat(result.transition()).isEmpty();
        assertThat(handled).hasValue(0);
        assertThat(state(id)).isEqualTo(RunState.QUEUED);
    }

    @Test
    void tryExecuteReturnsWhatTheHandlerThrew() {
        RunId id = dispatched("a");
        Error thrown = new StackOverflowError();
        RunScope.Result result = ledger.tryExecute(id, "w", scope -> {
            throw thrown;
        });
        assertThat(result.thrown()).containsSame(thrown);
        assertThat(result.run().map(WorkflowRun::state)).contains(RunState.FAILED);
    }

    // ---- ends

    @Test
    void anEndIsStoredWhenTheStoreIsBackAndAsTheSameCall() {
        RunId id = dispatched("a");
        store.fail(StoreCommand.Call.SUCCEED, 3);
        assertThat(ledger.execute(id, "w", scope -> RunOutcome.succeeded()).isApplied())
                .isTrue();
        assertThat(store.callIds).hasSize(4).containsOnly(store.callIds.get(0));
    }

    @Test
    void anEndThatCannotBeStoredInTimeIsTheStoresFailure() {
        Ledger impatient = Ledger.builder()
                .store(store)
                .sink(EventSink.inline(events::add))
                .endTimeout(Duration.ZERO)
                .build();
        RunId id = dispatched("a");
        store.fail(StoreCommand.Call.SUCCEED, 1);
        assertThatThrownBy(() -> impatient.execute(id, "w", scope -> RunOutcome.succeeded()))
                .isInstanceOf(StoreException.class);
        RunId other = dispatched("b");
        store.fail(StoreCommand.Call.FAIL, 1);
        IllegalStateException thrown = new IllegalStateException("x");
        assertThatThrownBy(() -> impatient.execute(other, "w", scope -> {
                    throw thrown;
                }))
                .isSameAs(thrown)
                .hasSuppressedException(
                        new StoreException("the database is away", StoreException.Certainty.UNKNOWN, null));
    }

    @Test
    void anInterruptedWorkerStoresItsEndAndStaysInterrupted() {
        RunId id = dispatched("a");
        store.fail(StoreCommand.Call.SUCCEED, 2);
        Transition end = ledger.execute(id, "w", scope -> {
            Thread.currentThread().interrupt();
            return RunOutcome.succeeded();
        });
        assertThat(Thread.interrupted()).as("the flag stands afterwards").isTrue();
        assertThat(end.isApplied()).isTrue();
    }

    // ---- cancellation

    @Test
    void workThatGoesOnAfterACancellationEndsAsAValue() {
        RunId id = dispatched("a");
        Transition end = ledger.execute(id, "w", scope -> {
            assertThat(ledger.cancel(id, "not needed").isApplied()).isTrue();
            assertThat(scope.isCancelled()).isTrue();
            scope.task("next", task -> 1);
            return RunOutcome.succeeded();
        });
        assertThat(end).isInstanceOf(Transition.Rejected.class);
        assertThat(state(id)).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void anErrorAfterACancellationIsStillTheHandlers() {
        RunId id = dispatched("a");
        assertThatThrownBy(() -> ledger.execute(id, "w", scope -> {
                    assertThat(ledger.cancel(id, "not needed").isApplied()).isTrue();
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
    }

    @Test
    void aRejectionOfARunThatGoesOnIsTheHandlersError() {
        RunId id = dispatched("a");
        assertThatThrownBy(() -> ledger.execute(id, "w", scope -> {
                    throw (RejectedException) org.assertj.core.api.Assertions.catchThrowable(
                            () -> ledger.start(RunId.of("nobody"), "w").orElseThrow());
                }))
                .isInstanceOf(RejectedException.class);
        assertThat(state(id)).isEqualTo(RunState.FAILED);
    }

    // ---- hand-offs

    @Test
    void aRefusedChildFailsTheRun() {
        RunId other = dispatched("b");
        RunId id = dispatched("a");
        Transition end = ledger.execute(
                id, "w", scope -> RunOutcome.handedOff(NewRun.of("review").target("b")));
        WorkflowRun failed = end.orElseThrow();
        assertThat(failed.state()).isEqualTo(RunState.FAILED);
        assertThat(failed.reason().orElseThrow()).startsWith("child_refused: ").contains(other.value());
        assertThat(events.stream().map(LedgerEvent::type))
                .contains(WorkflowRunEvent.DISPATCH_REFUSED, WorkflowRunEvent.FAILED);
    }

    @Test
    void aRefusedChildIsWhatTheHandlerSays() {
        dispatched("b");
        RunId id = dispatched("a");
        Transition end = ledger.execute(
                id,
                "w",
                scope -> RunOutcome.handedOff(NewRun.of("review").target("b"))
                        .orElse(RunOutcome.incomplete("somebody is at it")));
        assertThat(end.orElseThrow().state()).isEqualTo(RunState.INCOMPLETE);
    }

    @Test
    void aChildInheritsProjectAndQueueAndIsEnqueued() {
        RunId id = dispatched("a");
        Transition end = ledger.execute(id, "w", scope -> RunOutcome.handedOff(NewRun.of("implement")));
        WorkflowRun child = ((Transition.Applied) end).child().orElseThrow();
        assertThat(child.request().project()).isEqualTo("acme");
        assertThat(child.request().taskQueue()).contains("main");
        assertThat(queued).containsExactly(id, child.id());
        RunId parent = dispatched("c");
        assertThat(ledger.start(parent, "w").isApplied()).isTrue();
        Transition handedOff = ledger.handOff(parent, NewRun.of("implement").project("globex"));
        assertThat(((Transition.Applied) handedOff)
                        .child()
                        .orElseThrow()
                        .request()
                        .project())
                .isEqualTo("globex");
        assertThat(((Transition.Applied) handedOff)
                        .child()
                        .orElseThrow()
                        .request()
                        .taskQueue())
                .contains("main");
    }

    // ---- the queue

    @Test
    void theSameDispatchAgainBringsAQueuedRunToTheQueue() {
        NewRun run = NewRun.of("review").id(RunId.of("r-1")).target("a");
        assertThat(ledger.dispatch(run)).isInstanceOf(Dispatch.Queued.class);
        assertThat(ledger.dispatch(run)).isInstanceOf(Dispatch.AlreadyQueued.class);
        assertThat(queued).containsExactly(RunId.of("r-1"), RunId.of("r-1"));
        assertThat(ledger.start(RunId.of("r-1"), "w").isApplied()).isTrue();
        assertThat(ledger.dispatch(run)).isInstanceOf(Dispatch.AlreadyQueued.class);
        assertThat(queued).as("a worker has it").hasSize(2);
    }

    @Test
    void anIdOfAnotherRunIsRefusedAndShowsNothing() {
        RunId id = RunId.of("r-1");
        assertThat(ledger.dispatch(NewRun.of("review").id(id).project("acme").target("secret-target")))
                .isInstanceOf(Dispatch.Queued.class);
        for (NewRun other : List.of(
                NewRun.of("plan").id(id).project("acme").target("secret-target"),
                NewRun.of("review").id(id).project("globex").target("secret-target"),
                NewRun.of("review").id(id).project("acme").target("b"))) {
            Dispatch dispatch = ledger.dispatch(other);
            assertThat(dispatch).isInstanceOfSatisfying(Dispatch.Refused.class, refused -> {
                assertThat(refused.code()).isEqualTo(Dispatch.RefusalCode.INVALID);
                assertThat(refused.reason()).contains("r-1").doesNotContain("secret-target", "acme");
                assertThat(refused.blocker()).isEmpty();
            });
        }
        assertThat(queued).hasSize(1);
    }

    @Test
    void aQueueThatThrowsFailsTheRun() {
        full = true;
        Dispatch dispatch = ledger.dispatch(NewRun.of("review").target("a"));
        assertThat(dispatch).isInstanceOfSatisfying(Dispatch.EnqueueFailed.class, failed -> {
            assertThat(failed.cause()).hasMessage("the queue is full");
            assertThat(state(failed.run().id())).isEqualTo(RunState.FAILED);
        });
        assertThat(events.get(1).type()).isEqualTo(WorkflowRunEvent.ENQUEUE_FAILED);
    }

    @Test
    void aResumedRunIsEnqueuedAndFailsIfTheQueueThrows() {
        RunId id = dispatched("a");
        assertThat(ledger.execute(id, "w", scope -> RunOutcome.suspended(Wait.of(Wait.Code.APPROVAL)))
                        .isApplied())
                .isTrue();
        assertThat(ledger.resume(id, Resumption.of("approved", "ada")).isApplied())
                .isTrue();
        assertThat(queued).containsExactly(id, id);
        assertThat(ledger.claim(id, "w-2").isApplied()).isTrue();
        assertThat(ledger.claim(id, "w-3")).isInstanceOf(Transition.Rejected.class);
        assertThat(ledger.suspend(id, Wait.of(Wait.Code.INPUT)).isApplied()).isTrue();
        full = true;
        assertThat(ledger.resume(id, Resumption.of()).isApplied()).isTrue();
        assertThat(state(id)).isEqualTo(RunState.FAILED);
    }
}
