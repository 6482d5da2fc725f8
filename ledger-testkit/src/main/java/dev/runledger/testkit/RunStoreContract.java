package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.run.Dispatch;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Dispatch.RefusalCode;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.NewRun.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The suite that every {@link RunStore} passes. Whoever writes one extends this class and supplies {@link #newStore()}; the whole
 * (state, call) table of the state machine is walked, with and without a transition id.
 */
@NullUnmarked // a null that should not be there fails the test that it is in
public abstract class RunStoreContract extends TaskContract {
    private static final Set<RunCommand> CHANGES =
            EnumSet.complementOf(EnumSet.of(RunCommand.DISPATCH, RunCommand.REFUSE));

    /** Used by subclasses. */
    protected RunStoreContract() {}

    // ---- the table

    @TestFactory
    final List<DynamicTest> everyCallInEveryStateDoesWhatTheTableSays() {
        List<DynamicTest> tests = new ArrayList<>();
        for (RunState state : RunState.values()) {
            for (RunCommand command : CHANGES) {
                for (boolean withId : new boolean[] {false, true}) {
                    String name = "%s of a run that is %s%s"
                            .formatted(command.call(), state, withId ? ", with a transition id" : "");
                    tests.add(DynamicTest.dynamicTest(name, () -> callDoesWhatTheTableSays(state, command, withId)));
                }
            }
        }
        return tests;
    }

    private void callDoesWhatTheTableSays(RunState state, RunCommand command, boolean withId) {
        WorkflowRun before = runIn(state);
        String id = withId ? "call-1" : null;
        Transition first = store.apply(change(before.id(), command).transitionId(id));
        WorkflowRun after = reread(before.id());

        if (command.leaves(state)) {
            assertThat(first).isInstanceOf(Transition.Applied.class);
            assertThat(after.state()).isEqualTo(command.enters().orElseThrow());
            assertThat(after.seq()).isEqualTo(before.seq() + 1);
            assertThat(((Transition.Applied) first).eventId()).isEqualTo(before.id() + ":" + after.seq());
            repeatNamesTheStoredEvent(before, command, id, (Transition.Applied) first);
        } else if (isTheStateThatTheCallMade(state, command)) {
            assertThat(first).isInstanceOf(Transition.AlreadyApplied.class);
            assertThat(after).isEqualTo(before);
        } else {
            assertThat(first).isInstanceOf(Transition.Rejected.class);
            assertThat(((Transition.Rejected) first).state()).isEqualTo(state);
            assertThat(after).isEqualTo(before);
        }
        assertThatTheHistoryIsGapFreeAndLegal(before.id());
    }

    private void repeatNamesTheStoredEvent(
            WorkflowRun before, RunCommand command, String id, Transition.Applied applied) {
        if (id == null) {
            return;
        }
        store.apply(change(before.id(), RunCommand.CANCEL)); // whatever came after
        Transition again = store.apply(change(before.id(), command).transitionId(id));
        assertThat(again).isInstanceOf(Transition.AlreadyApplied.class);
        assertThat(((Transition.AlreadyApplied) again).eventId()).isEqualTo(applied.eventId());
    }

    /** {@code fail} is what makes a run FAILED in {@link #runIn}, so {@code enqueueFailed} is another kind of call there. */
    private static boolean isTheStateThatTheCallMade(RunState state, RunCommand command) {
        return switch (command) {
            case START -> state == RunState.RUNNING;
            case SUSPEND -> state == RunState.SUSPENDED;
            case SUCCEED -> state == RunState.SUCCEEDED;
            case INCOMPLETE -> state == RunState.INCOMPLETE;
            case FAIL -> state == RunState.FAILED;
            case CANCEL -> state == RunState.CANCELLED;
            case DISPATCH, REFUSE, ENQUEUE_FAILED, RESUME, HAND_OFF -> false;
        };
    }

    @Test
    final void aRunThatNobodyDispatchedIsNotFound() {
        for (RunCommand command : CHANGES) {
            assertThat(store.apply(change(newId(), command))).isInstanceOf(Transition.NotFound.class);
        }
        assertThat(store.claim(newId(), WORKER)).isInstanceOf(Transition.NotFound.class);
        assertThat(store.history().run(newId())).isEmpty();
        assertThat(store.history().events(newId())).isEmpty();
    }

    // ---- dispatch

    @Test
    final void aDispatchedRunIsQueuedAtVersionOneAndReadsBackWhole() {
        NewRun asked = NewRun.of("review")
                .id(newId())
                .project("acme")
                .workflowVersion("7")
                .target("acme/app#42")
                .trigger(Trigger.of("issue_comment").deliveryId("d-1").actor("ada"))
                .taskQueue("default");
        WorkflowRun run = dispatched(asked);
        assertThat(run.state()).isEqualTo(RunState.QUEUED);
        assertThat(run.seq()).isEqualTo(1);
        assertThat(run.request()).isEqualTo(asked);
        assertThat(reread(run.id())).isEqualTo(run);
    }

    @Test
    final void theSameIdAgainIsAlreadyQueued() {
        WorkflowRun run = dispatched(aRun());
        store.apply(Change.start(run.id(), WORKER));
        Dispatch again = store.dispatch(run.request(), null, null);
        assertThat(again).isInstanceOf(Dispatch.AlreadyQueued.class);
        assertThat(again.orElseThrow().state()).isEqualTo(RunState.RUNNING);
        assertThat(reread(run.id()).seq()).isEqualTo(2);
    }

    @Test
    final void ofOneTargetOneRunIsInFlightUntilItEnds() {
        WorkflowRun first = dispatched(on("t-" + newId()));
        NewRun second = first.request().toBuilder().id(newId()).build();
        for (RunCommand step : List.of(RunCommand.START, RunCommand.SUSPEND, RunCommand.RESUME)) {
            assertThatTheWayIsBlockedBy(first, second);
            store.apply(change(first.id(), step));
        }
        assertThatTheWayIsBlockedBy(first, second);
        store.apply(Change.succeed(first.id()));
        assertThat(store.dispatch(second, null, null)).isInstanceOf(Dispatch.Queued.class);
    }

    private void assertThatTheWayIsBlockedBy(WorkflowRun holder, NewRun run) {
        Dispatch dispatch = store.dispatch(run, null, null);
        assertThat(dispatch).isInstanceOf(Dispatch.Refused.class);
        Dispatch.Refused refused = (Dispatch.Refused) dispatch;
        assertThat(refused.code()).isEqualTo(RefusalCode.IN_FLIGHT);
        assertThat(refused.blockingRun()).contains(holder.id());
    }

    @Test
    final void theGuardIsOfProjectWorkflowAndTargetTogether() {
        NewRun first = on("t-" + newId());
        dispatched(first);
        dispatched(first.toBuilder().id(newId()).project("other").build());
        dispatched(NewRun.of("other").id(newId()).target(first.target()));
        dispatched(first.toBuilder().id(newId()).target("u-" + newId()).build());
        dispatched(NewRun.of("review").id(newId()));
        dispatched(NewRun.of("review").id(newId()));
    }

    @Test
    final void aDeliveryThatWasSeenIsRefusedOnlyWhereThatWasAskedFor() {
        String target = "t-" + newId();
        Trigger trigger = Trigger.of("push").deliveryId("d-" + newId());
        NewRun first = NewRun.of("review")
                .id(newId())
                .target(target)
                .trigger(trigger);
        dispatched(first);
        store.apply(Change.fail(first.id(), Failure.of("x")));

        NewRun once = first.toBuilder().id(newId()).oncePerDelivery().build();
        Dispatch refused = store.dispatch(once, null, null);
        assertThat(refused).isInstanceOf(Dispatch.Refused.class);
        assertThat(((Dispatch.Refused) refused).code()).isEqualTo(RefusalCode.DUPLICATE_DELIVERY);
        assertThat(((Dispatch.Refused) refused).blockingRun()).contains(first.id());
        dispatched(first.toBuilder().id(newId()).build());
    }

    // ---- ownership

    @Test
    final void aRunIsStartedByOneWorker() {
        RunId id = dispatched(aRun()).id();
        assertThat(store.apply(Change.start(id, WORKER)).isApplied()).isTrue();
        assertThat(store.apply(Change.start(id, WORKER))).isInstanceOf(Transition.AlreadyApplied.class);
        Transition other = store.apply(Change.start(id, "worker-2"));
        assertThat(other).isInstanceOf(Transition.Rejected.class);
        assertThat(((Transition.Rejected) other).owner()).contains(WORKER);
    }

    @Test
    final void anOwnerWhoLostTheRunCannotEndIt() {
        RunId id = runIn(RunState.RUNNING).id();
        assertThat(store.apply(Change.succeed(id).fence("worker-2"))).isInstanceOf(Transition.Rejected.class);
        store.apply(change(id, RunCommand.SUSPEND));
        store.apply(change(id, RunCommand.RESUME));
        assertThat(store.claim(id, "worker-2").isApplied()).isTrue();
        assertThat(store.apply(Change.succeed(id).fence(WORKER))).isInstanceOf(Transition.Rejected.class);
        assertThat(store.apply(Change.succeed(id).fence("worker-2")).isApplied())
                .isTrue();
    }

    @Test
    final void aClaimIsNoTransition() {
        RunId id = runIn(RunState.RUNNING).id();
        assertThat(store.claim(id, "worker-2")).isInstanceOf(Transition.Rejected.class);
        store.apply(change(id, RunCommand.SUSPEND));
        assertThat(store.claim(id, "worker-2")).isInstanceOf(Transition.Rejected.class);
        store.apply(change(id, RunCommand.RESUME));
        WorkflowRun before = reread(id);
        assertThat(before.owner()).isNull();
        assertThat(store.claim(id, "worker-2").isApplied()).isTrue();
        assertThat(reread(id).seq()).isEqualTo(before.seq());
        assertThat(reread(id).owner()).isEqualTo("worker-2");
        assertThatTheHistoryIsGapFreeAndLegal(id);
    }

    // ---- hand-off

    @Test
    final void aHandOffQueuesTheChildAndReleasesTheParent() {
        WorkflowRun parent = runIn(RunState.RUNNING);
        NewRun child =
                NewRun.of("plan").id(newId()).parentRunId(parent.id());
        Transition.Applied applied = (Transition.Applied) store.apply(Change.handOff(parent.id(), child));
        assertThat(applied.child().orElseThrow().state()).isEqualTo(RunState.QUEUED);
        assertThat(applied.run().owner()).isNull();
        assertThat(applied.run().handedOff()).isTrue();
        assertThat(store.history().children(parent.id()))
                .extracting(WorkflowRun::id)
                .containsExactly(child.id());
        assertThat(store.claim(parent.id(), "worker-2")).isInstanceOf(Transition.Rejected.class);

        Transition again = store.apply(Change.handOff(parent.id(), child));
        assertThat(again).isInstanceOf(Transition.AlreadyApplied.class);
        assertThat(((Transition.AlreadyApplied) again).eventId()).isEqualTo(applied.eventId());
        NewRun second =
                NewRun.of("review").id(newId()).parentRunId(parent.id());
        assertThat(store.apply(Change.handOff(parent.id(), second)).isApplied()).isTrue();
        assertThat(store.apply(Change.succeed(parent.id())).isApplied()).isTrue();
        assertThatTheHistoryIsGapFreeAndLegal(parent.id());
    }

    @Test
    final void aRefusedChildLeavesTheParentAsItWas() {
        WorkflowRun parent = runIn(RunState.RUNNING);
        NewRun holder = on("t-" + newId());
        dispatched(holder);
        NewRun child = holder.toBuilder().id(newId()).parentRunId(parent.id()).build();
        Transition transition = store.apply(Change.handOff(parent.id(), child));
        assertThat(transition).isInstanceOf(Transition.Rejected.class);
        Dispatch.Refused refused = ((Transition.Rejected) transition).refusedChild();
        assertThat(refused).isNotNull();
        assertThat(refused.blockingRun()).contains(holder.id());
        assertThat(reread(parent.id())).isEqualTo(parent);
        assertThat(store.history().run(child.id())).isEmpty();
    }

    @Test
    final void aChildOnTheSameTargetWorksUnderTheParentsGuard() {
        WorkflowRun parent = dispatched(on("t-" + newId()));
        store.apply(Change.start(parent.id(), WORKER));
        NewRun child = parent.request().toBuilder()
                .id(newId())
                .parentRunId(parent.id())
                .build();
        assertThat(store.apply(Change.handOff(parent.id(), child)).isApplied()).isTrue();
        NewRun sibling = child.toBuilder().id(newId()).build();
        assertThat(store.dispatch(sibling, null, null)).isInstanceOf(Dispatch.Queued.class);

        store.apply(Change.cancel(child.id(), "x"));
        NewRun stranger = NewRun.of("review")
                .id(newId())
                .target(parent.request().target());
        assertThat(store.dispatch(stranger, null, null))
                .as("the guard is still the parent's")
                .isInstanceOf(Dispatch.Refused.class);
    }

    // ---- waits

    @Test
    final void aCallbackFindsTheRunThatWaitsForIt() {
        RunId id = runIn(RunState.RUNNING).id();
        String key = "key-" + newId();
        store.apply(Change.suspend(id, Wait.of(Wait.Code.CALLBACK).correlationKey(key)));
        assertThat(store.history().waitingFor(key)).map(WorkflowRun::id).contains(id);

        Resumption stray = Resumption.of().correlationKey("other");
        assertThat(store.apply(Change.resume(id, stray))).isInstanceOf(Transition.Rejected.class);
        Resumption answer = Resumption.of("approved", "ada").correlationKey(key);
        Transition resumed = store.apply(Change.resume(id, answer));
        assertThat(resumed.orElseThrow().resumption()).isEqualTo(answer);
        assertThat(store.history().waitingFor(key)).isEmpty();
        assertThat(store.apply(Change.resume(id, answer))).isInstanceOf(Transition.AlreadyApplied.class);
        assertThat(store.apply(Change.resume(id, stray))).isInstanceOf(Transition.Rejected.class);
    }

    @Test
    final void anotherWaitIsAnotherSuspend() {
        RunId id = runIn(RunState.SUSPENDED).id();
        Wait other = Wait.of(Wait.Code.CALLBACK).correlationKey("other");
        assertThat(store.apply(Change.suspend(id, other))).isInstanceOf(Transition.Rejected.class);
    }

    // ---- races

    @Test
    final void ofManyRacersOneEndsTheRunAndTheOthersAreToldWhoWon() throws Exception {
        List<RunCommand> ends = List.of(RunCommand.SUCCEED, RunCommand.FAIL, RunCommand.CANCEL);
        for (int round = 0; round < 20; round++) {
            RunId id = runIn(RunState.RUNNING).id();
            List<Transition> results = race(64, racer -> store.apply(change(id, ends.get(racer % ends.size()))));
            RunState winner = reread(id).state();
            assertThat(results.stream().filter(Transition::isApplied)).hasSize(1);
            assertThat(results).allSatisfy(result -> {
                if (result instanceof Transition.Rejected rejected) {
                    assertThat(rejected.state()).isEqualTo(winner);
                } else {
                    assertThat(result.orElseThrow().state()).isEqualTo(winner);
                }
            });
            assertThatTheHistoryIsGapFreeAndLegal(id);
        }
    }

    @Test
    final void ofManyDispatchesOnOneTargetOneIsQueued() throws Exception {
        for (int round = 0; round < 20; round++) {
            String target = "t-" + newId();
            List<Dispatch> results = race(64, racer -> store.dispatch(on(target), null, null));
            assertThat(results.stream().filter(Dispatch.Queued.class::isInstance))
                    .hasSize(1);
            assertThat(results.stream().filter(Dispatch.Refused.class::isInstance))
                    .hasSize(63);
        }
    }

    /** Runs one racer a thread, all let go at once. */
    private static <T> List<T> race(int racers, Racer<T> racer) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        try {
            CountDownLatch gate = new CountDownLatch(1);
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < racers; i++) {
                int number = i;
                Callable<T> run = () -> {
                    gate.await();
                    return racer.run(number);
                };
                futures.add(threads.submit(run));
            }
            gate.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    /** One of those who race. */
    private interface Racer<T> {
        T run(int number);
    }
}
