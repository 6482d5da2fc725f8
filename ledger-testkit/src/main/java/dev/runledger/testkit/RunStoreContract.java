package dev.runledger.testkit;

import static dev.runledger.testkit.Commands.WORKER;
import static dev.runledger.testkit.Commands.by;
import static dev.runledger.testkit.Commands.cancel;
import static dev.runledger.testkit.Commands.change;
import static dev.runledger.testkit.Commands.claim;
import static dev.runledger.testkit.Commands.dispatch;
import static dev.runledger.testkit.Commands.fail;
import static dev.runledger.testkit.Commands.handOff;
import static dev.runledger.testkit.Commands.keyed;
import static dev.runledger.testkit.Commands.resume;
import static dev.runledger.testkit.Commands.start;
import static dev.runledger.testkit.Commands.succeed;
import static dev.runledger.testkit.Commands.suspend;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.failure.Failure;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.Dispatch.RefusalCode;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Tests what every {@link RunStore} promises of {@link RunStore#apply}. A test of a store extends this class and supplies {@link
 * #newStore()}. The whole (state, call) table of the state machine is walked, with and without an idempotency key.
 */
@NullUnmarked // a null that should not be there fails the test that it is in
public abstract class RunStoreContract extends CallContract {
    /** Used by subclasses. */
    protected RunStoreContract() {}

    // ---- the table

    @TestFactory
    final List<DynamicTest> everyCallInEveryStateDoesWhatTheTableSays() {
        List<DynamicTest> tests = new ArrayList<>();
        for (RunState state : RunState.values()) {
            for (RunCommand command : RunCommand.values()) {
                for (boolean withKey : new boolean[] {false, true}) {
                    String name = "%s of a run that is %s%s"
                            .formatted(command.call(), state, withKey ? ", with an idempotency key" : "");
                    tests.add(DynamicTest.dynamicTest(name, () -> callDoesWhatTheTableSays(state, command, withKey)));
                }
            }
            tests.add(DynamicTest.dynamicTest(
                    "dispatch of a run that is " + state, () -> dispatchAgainChangesNothing(state)));
            tests.add(DynamicTest.dynamicTest("claim of a run that is " + state, () -> claimIsRejected(state)));
        }
        return tests;
    }

    private void callDoesWhatTheTableSays(RunState state, RunCommand command, boolean withKey) {
        WorkflowRun before = runIn(state);
        RunChange change = change(before.id(), command);
        Transition first = store.apply(withKey ? keyed("call-1", change) : change);
        WorkflowRun after = reread(before.id());

        if (command.leaves(state)) {
            assertThat(first).isInstanceOf(Transition.Applied.class);
            assertThat(first.run()).contains(after);
            assertThat(after.state()).isEqualTo(command.enters());
            assertThat(after.seq()).isEqualTo(before.seq() + 1);
            assertThat(after.eventId()).isEqualTo(before.id() + ":" + after.seq());
            if (withKey) {
                theKeyNamesTheStoredEvent("call-1", after, command);
            }
        } else if (isTheStateThatTheCallMade(state, command)) {
            assertThat(first).isInstanceOf(Transition.AlreadyApplied.class);
            assertThat(after).isEqualTo(before);
        } else {
            assertThat(first).isInstanceOf(Transition.Rejected.class);
            assertThat(((Transition.Rejected) first).state()).isEqualTo(state);
            assertThat(after).isEqualTo(before);
        }
        assertThat(store.history().state(before.id()))
                .contains(reread(before.id()).state());
        assertThatTheHistoryIsGapFreeAndLegal(before.id());
    }

    private void theKeyNamesTheStoredEvent(String key, WorkflowRun after, RunCommand command) {
        store.apply(change(after.id(), RunCommand.CANCEL)); // whatever came after
        Transition again = store.apply(keyed(key, change(after.id(), command)));
        assertThat(again).isInstanceOf(Transition.AlreadyApplied.class);
        assertThat(((Transition.AlreadyApplied) again).eventId()).isEqualTo(after.eventId());
    }

    /**
     * Returns whether the call made the state. {@link #runIn} makes FAILED by {@code fail}, so {@code enqueueFailed} is another call there.
     */
    private static boolean isTheStateThatTheCallMade(RunState state, RunCommand command) {
        return switch (command) {
            case START -> state == RunState.RUNNING;
            case SUSPEND -> state == RunState.SUSPENDED;
            case SUCCEED -> state == RunState.SUCCEEDED;
            case INCOMPLETE -> state == RunState.INCOMPLETE;
            case FAIL -> state == RunState.FAILED;
            case CANCEL -> state == RunState.CANCELLED;
            case ENQUEUE_FAILED, RESUME, REQUEUE, HAND_OFF -> false;
        };
    }

    private void dispatchAgainChangesNothing(RunState state) {
        WorkflowRun before = runIn(state);
        Dispatch again = store.apply(dispatch(before.request()));
        assertThat(again).isInstanceOf(Dispatch.AlreadyQueued.class);
        assertThat(again.orElseThrow()).isEqualTo(before);
        assertThat(reread(before.id())).isEqualTo(before);
    }

    private void claimIsRejected(RunState state) {
        WorkflowRun before = runIn(state);
        Transition claim = store.apply(claim(before.id(), "worker-2"));
        assertThat(claim).isInstanceOf(Transition.Rejected.class);
        assertThat(((Transition.Rejected) claim).state()).isEqualTo(state);
        assertThat(reread(before.id())).isEqualTo(before);
    }

    @Test
    final void aRunThatNobodyDispatchedIsNotFound() {
        for (RunCommand command : RunCommand.values()) {
            assertThat(store.apply(change(newId(), command))).isInstanceOf(Transition.NotFound.class);
        }
        assertThat(store.apply(claim(newId(), WORKER))).isInstanceOf(Transition.NotFound.class);
        assertThat(store.history().run(newId())).isEmpty();
        assertThat(store.history().state(newId())).isEmpty();
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
    final void ofOneTargetOneRunIsInFlightUntilItEnds() {
        WorkflowRun first = dispatched(on("t-" + newId()));
        NewRun second = first.request().id(newId());
        for (RunCommand step : List.of(RunCommand.START, RunCommand.SUSPEND, RunCommand.RESUME)) {
            assertThatItIsRefusedBecauseOf(first.id(), RefusalCode.IN_FLIGHT, second);
            applied(change(first.id(), step));
        }
        assertThatItIsRefusedBecauseOf(first.id(), RefusalCode.IN_FLIGHT, second);
        applied(succeed(first.id()));
        dispatched(second);
    }

    private void assertThatItIsRefusedBecauseOf(RunId holder, RefusalCode code, NewRun run) {
        Dispatch dispatch = store.apply(dispatch(run));
        assertThat(dispatch).isInstanceOf(Dispatch.Refused.class);
        Dispatch.Refused refused = (Dispatch.Refused) dispatch;
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.blocker()).contains(holder);
    }

    @Test
    final void theGuardIsOfProjectWorkflowAndTargetTogether() {
        String target = "t-" + newId();
        dispatched(on(target));
        dispatched(on(target).project("other"));
        dispatched(NewRun.of("other").id(newId()).target(target));
        dispatched(on("u-" + newId()));
        dispatched(aRun());
        dispatched(aRun());
    }

    @Test
    final void aDeliveryThatWasSeenIsRefusedOnlyIfThatWasAskedFor() {
        NewRun first = on("t-" + newId()).trigger(Trigger.of("push").deliveryId("d-" + newId()));
        dispatched(first);
        applied(fail(first.id().orElseThrow(), Failure.of("x")));

        NewRun once = first.id(newId()).oncePerDelivery(true);
        assertThatItIsRefusedBecauseOf(first.id().orElseThrow(), RefusalCode.DUPLICATE_DELIVERY, once);
        dispatched(first.id(newId()));
    }

    // ---- many calls at once

    @Test
    final void manyCallsAtOnceHaveEachItsOutcome() {
        List<NewRun> runs =
                IntStream.range(0, 300).mapToObj(i -> on("t-" + newId())).toList();
        List<StoreCommand<Dispatch>> dispatches = new ArrayList<>();
        runs.forEach(run -> dispatches.add(dispatch(run)));
        dispatches.add(dispatch(runs.get(0)));
        dispatches.add(dispatch(runs.get(1).id(newId())));
        List<Dispatch> dispatched = outcomesOf(dispatches);
        assertThat(dispatched.subList(0, runs.size())).hasOnlyElementsOfType(Dispatch.Queued.class);
        assertThat(dispatched.get(runs.size())).isInstanceOf(Dispatch.AlreadyQueued.class);
        assertThat(dispatched.get(runs.size() + 1)).isInstanceOf(Dispatch.Refused.class);

        List<StoreCommand<Transition>> starts = new ArrayList<>();
        runs.forEach(run -> starts.add(start(run.id().orElseThrow(), WORKER)));
        starts.add(start(runs.get(0).id().orElseThrow(), "another"));
        starts.add(start(newId(), WORKER));
        List<Transition> started = outcomesOf(starts);
        for (int i = 0; i < runs.size(); i++) {
            assertThat(started.get(i).orElseThrow())
                    .isEqualTo(reread(runs.get(i).id().orElseThrow()));
        }
        assertThat(started.get(runs.size())).isInstanceOf(Transition.Rejected.class);
        assertThat(started.get(runs.size() + 1)).isInstanceOf(Transition.NotFound.class);
        assertThatTheHistoryIsGapFreeAndLegal(runs.get(0).id().orElseThrow());
        outcomesOf(List.<StoreCommand<Dispatch>>of());
    }

    private <O extends CallOutcome> List<O> outcomesOf(List<StoreCommand<O>> calls) {
        IdentityHashMap<StoreCommand<O>, O> outcomes = new IdentityHashMap<>();
        store.applyAll(
                calls,
                (call, outcome) -> assertThat(outcomes.put(call, outcome))
                        .as("the first outcome of %s", call)
                        .isNull());
        assertThat(outcomes).hasSize(calls.size());
        return calls.stream().map(outcomes::get).toList();
    }

    // ---- ownership

    @Test
    final void aRunIsStartedByOneWorker() {
        RunId id = dispatched(aRun()).id();
        applied(start(id, WORKER));
        assertThat(store.apply(start(id, WORKER))).isInstanceOf(Transition.AlreadyApplied.class);
        assertThat(rejected(start(id, "worker-2")).owner()).contains(WORKER);
    }

    @Test
    final void anOwnerWhoLostTheRunCannotEndIt() {
        WorkflowRun first = runIn(RunState.RUNNING);
        RunId id = first.id();
        applied(change(id, RunCommand.SUSPEND));
        applied(change(id, RunCommand.RESUME));
        WorkflowRun second = applied(claim(id, WORKER)); // the name is the same, the claim is another
        rejected(by(first, succeed(id)));
        applied(by(second, succeed(id)));
    }

    @Test
    final void aClaimIsNoTransition() {
        RunId id = runIn(RunState.RUNNING).id();
        applied(change(id, RunCommand.SUSPEND));
        applied(change(id, RunCommand.RESUME));
        WorkflowRun before = reread(id);
        assertThat(before.owner()).isEmpty();
        assertThat(store.apply(claim(id, "worker-2")).isApplied()).isTrue();
        assertThat(reread(id).seq()).isEqualTo(before.seq());
        assertThat(reread(id).owner()).contains("worker-2");
        assertThatTheHistoryIsGapFreeAndLegal(id);
    }

    // ---- hand-off

    @Test
    final void aHandOffQueuesTheChildAndReleasesTheParent() {
        WorkflowRun parent = runIn(RunState.RUNNING);
        NewRun child = NewRun.of("plan").id(newId()).parentRunId(parent.id());
        Transition.Applied applied = (Transition.Applied) store.apply(handOff(parent.id(), child));
        assertThat(applied.child()).map(WorkflowRun::state).contains(RunState.QUEUED);
        assertThat(applied.after().owner()).isEmpty();
        assertThat(applied.after().handedOff()).isTrue();
        assertThat(store.history().children(parent.id()))
                .extracting(WorkflowRun::id)
                .containsExactly(child.id().orElseThrow());
        assertThat(store.apply(claim(parent.id(), "worker-2"))).isInstanceOf(Transition.Rejected.class);

        Transition again = store.apply(handOff(parent.id(), child));
        assertThat(again).isInstanceOf(Transition.AlreadyApplied.class);
        assertThat(((Transition.AlreadyApplied) again).eventId())
                .isEqualTo(applied.after().eventId());
        applied(handOff(parent.id(), aRun().parentRunId(parent.id())));
        applied(succeed(parent.id()));
        assertThatTheHistoryIsGapFreeAndLegal(parent.id());
    }

    @Test
    final void aRefusedChildLeavesTheParentAsItWas() {
        WorkflowRun parent = runIn(RunState.RUNNING);
        NewRun holder = on("t-" + newId());
        dispatched(holder);
        NewRun child = holder.id(newId()).parentRunId(parent.id());
        Transition.Rejected rejected = rejected(handOff(parent.id(), child));
        assertThat(rejected.refusedChild())
                .hasValueSatisfying(refused -> assertThat(refused.blocker()).isEqualTo(holder.id()));
        assertThat(reread(parent.id())).isEqualTo(parent);
        assertThat(store.history().run(child.id().orElseThrow())).isEmpty();
    }

    @Test
    final void aChildOnTheSameTargetWorksUnderTheParentsGuard() {
        WorkflowRun parent = dispatched(on("t-" + newId()));
        applied(start(parent.id(), WORKER));
        NewRun child = parent.request().id(newId()).parentRunId(parent.id());
        applied(handOff(parent.id(), child));
        dispatched(child.id(newId()));

        applied(cancel(child.id().orElseThrow()));
        NewRun stranger = on(parent.request().target().orElseThrow().value());
        assertThat(store.apply(dispatch(stranger)))
                .as("the guard is still the parent's")
                .isInstanceOf(Dispatch.Refused.class);
    }

    // ---- waits

    @Test
    final void aCallbackFindsTheRunThatWaitsForIt() {
        RunId id = runIn(RunState.RUNNING).id();
        String key = "key-" + newId();
        applied(suspend(id, Wait.of(Wait.Code.CALLBACK).correlationKey(key)));
        assertThat(store.history().waitingFor("", key)).map(WorkflowRun::id).contains(id);

        Resumption stray = Resumption.of().correlationKey("other");
        rejected(resume(id, stray));
        Resumption answer = Resumption.of("approved", "ada").correlationKey(key);
        assertThat(applied(resume(id, answer)).resumption()).contains(answer);
        assertThat(store.history().waitingFor("", key)).isEmpty();
        assertThat(store.apply(resume(id, answer))).isInstanceOf(Transition.AlreadyApplied.class);
        rejected(resume(id, stray));
    }

    @Test
    final void anotherWaitIsAnotherSuspend() {
        RunId id = runIn(RunState.SUSPENDED).id();
        rejected(suspend(id, Wait.of(Wait.Code.CALLBACK).correlationKey("other")));
    }

    // ---- races

    @Test
    final void ofManyRacersOneEndsTheRunAndTheOthersSeeWhoWon() throws Exception {
        List<RunCommand> ends = List.of(RunCommand.SUCCEED, RunCommand.FAIL, RunCommand.CANCEL);
        for (int round = 0; round < 20; round++) {
            RunId id = runIn(RunState.RUNNING).id();
            List<Transition> results = race(racer -> store.apply(change(id, ends.get(racer % ends.size()))));
            RunState winner = reread(id).state();
            assertThat(results.stream().filter(Transition::isApplied)).hasSize(1);
            assertThat(results)
                    .allSatisfy(result ->
                            assertThat(result.run().orElseThrow().state()).isEqualTo(winner));
            assertThatTheHistoryIsGapFreeAndLegal(id);
        }
    }

    @Test
    final void ofManyDispatchesOnOneTargetOneIsQueued() throws Exception {
        for (int round = 0; round < 20; round++) {
            String target = "t-" + newId();
            List<Dispatch> results = race(racer -> store.apply(dispatch(on(target))));
            assertThat(results).filteredOn(Dispatch.Queued.class::isInstance).hasSize(1);
            assertThat(results).filteredOn(Dispatch.Refused.class::isInstance).hasSize(63);
        }
    }

    private static <T> List<T> race(IntFunction<T> racer) throws Exception {
        return AtOnce.call(IntStream.range(0, 64)
                .<Callable<T>>mapToObj(number -> () -> racer.apply(number))
                .toList());
    }
}
