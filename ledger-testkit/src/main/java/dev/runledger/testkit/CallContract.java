package dev.runledger.testkit;

import static dev.runledger.testkit.Commands.WORKER;
import static dev.runledger.testkit.Commands.at;
import static dev.runledger.testkit.Commands.by;
import static dev.runledger.testkit.Commands.cancel;
import static dev.runledger.testkit.Commands.change;
import static dev.runledger.testkit.Commands.claim;
import static dev.runledger.testkit.Commands.dispatch;
import static dev.runledger.testkit.Commands.fail;
import static dev.runledger.testkit.Commands.handOff;
import static dev.runledger.testkit.Commands.keyed;
import static dev.runledger.testkit.Commands.requeue;
import static dev.runledger.testkit.Commands.resume;
import static dev.runledger.testkit.Commands.start;
import static dev.runledger.testkit.Commands.succeed;
import static dev.runledger.testkit.Commands.suspend;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewRun.Channel;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.state.TaskState;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand.ClaimRun;
import dev.runledger.store.StoreCommand.Head;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What calls can rely on: their idempotency keys, their claims and expectations, the guard, and what a requeue does. */
abstract class CallContract extends TaskContract {
    private static final int ROUNDS = 100;

    // ---- idempotency keys

    @Test
    final void anotherCallWithTheKeyOfACallIsRejected() {
        for (RunCommand command : List.of(RunCommand.SUCCEED, RunCommand.FAIL, RunCommand.SUSPEND)) {
            RunId id = dispatched(aRun()).id();
            applied(keyed("call-1", start(id, WORKER)));
            Transition.Rejected rejected = rejected(keyed("call-1", change(id, command)));
            assertThat(rejected.why()).contains("idempotency key", "workflow.run.running");
            assertThat(reread(id).state()).isEqualTo(RunState.RUNNING);
        }
    }

    @Test
    final void anotherDecisionWithTheKeyOfADecisionIsRejected() {
        RunId id = runIn(RunState.SUSPENDED).id();
        applied(keyed("answer-1", resume(id, Resumption.of("approved", "ada"))));
        Transition.Rejected rejected = rejected(keyed("answer-1", resume(id, Resumption.of("rejected", "ada"))));
        assertThat(rejected.why()).contains("decided otherwise");
        assertThat(already(keyed("answer-1", resume(id, Resumption.of("approved", "bob")))))
                .isEqualTo(id + ":4");
        assertThat(reread(id).resumption().flatMap(Resumption::decision)).contains("approved");
    }

    @Test
    final void withoutAKeyTooASecondDecisionIsRejected() {
        RunId id = runIn(RunState.SUSPENDED).id();
        applied(resume(id, Resumption.of("approved", "ada")));
        rejected(resume(id, Resumption.of("rejected", "ada")));
        assertThat(already(resume(id, Resumption.of("approved", "bob")))).isEqualTo(id + ":4");
    }

    @Test
    final void anotherChildWithTheKeyOfAHandOffIsRejected() {
        RunId id = runIn(RunState.RUNNING).id();
        NewRun child = aRun().parentRunId(id);
        applied(keyed("hand-1", handOff(id, child)));
        NewRun other = aRun().parentRunId(id);
        rejected(keyed("hand-1", handOff(id, other)));
        assertThat(store.history().run(other.id().orElseThrow())).isEmpty();
        assertThat(already(keyed("hand-1", handOff(id, child)))).isEqualTo(id + ":3");
    }

    @Test
    final void anotherWaitWithTheKeyOfASuspendIsRejected() {
        RunId id = runIn(RunState.RUNNING).id();
        Wait wait = Wait.of(Wait.Code.CALLBACK).correlationKey("k-" + id);
        applied(keyed("wait-1", suspend(id, wait)));
        rejected(keyed("wait-1", suspend(id, Wait.of(Wait.Code.APPROVAL).correlationKey("k-" + id))));
        rejected(keyed("wait-1", suspend(id, wait.correlationKey("other-" + id))));
        assertThat(already(keyed("wait-1", suspend(id, wait.reason("in other words")))))
                .isEqualTo(id + ":3");
    }

    @Test
    final void textsAndWorkersDoNotMakeAnotherCall() {
        RunId id = dispatched(aRun()).id();
        applied(keyed("start-1", start(id, WORKER)));
        assertThat(already(keyed("start-1", start(id, "worker-2")))).isEqualTo(id + ":2");
        applied(keyed("end-1", fail(id, Failure.of("broken"))));
        assertThat(already(keyed("end-1", fail(id, Failure.of("in other words", Failure.Category.TIMEOUT)))))
                .isEqualTo(id + ":3");
    }

    @Test
    final void anotherCallOnATaskWithTheKeyOfACallIsRejected() {
        RunId id = runIn(RunState.RUNNING).id();
        NewTask task = aTask("build");
        TaskId taskId = task.id().orElseThrow();
        assertThat(store.apply(start(id, task))).isInstanceOf(TaskTransition.Applied.class);
        assertThat(store.apply(keyed("task-1", fail(taskId)))).isInstanceOf(TaskTransition.Applied.class);
        assertThat(store.apply(keyed("task-1", succeed(taskId)))).isInstanceOf(TaskTransition.Rejected.class);
        assertThat(store.apply(keyed("task-1", fail(taskId)))).isInstanceOf(TaskTransition.AlreadyApplied.class);
    }

    private String already(RunChange change) {
        Transition transition = store.apply(change);
        assertThat(transition).isInstanceOf(Transition.AlreadyApplied.class);
        return ((Transition.AlreadyApplied) transition).eventId();
    }

    // ---- claims and expectations

    @Test
    final void eachStartAndClaimHasATokenOfItsOwnUntilTheRunHasNoOwner() {
        WorkflowRun started = applied(start(dispatched(aRun()).id(), WORKER));
        RunId id = started.id();
        assertThat(started.claimToken()).isPresent();
        assertThat(reread(id)).isEqualTo(started);
        assertThat(applied(change(id, RunCommand.SUSPEND)).claimToken()).isEmpty();
        assertThat(applied(change(id, RunCommand.RESUME)).claimToken()).isEmpty();
        WorkflowRun claimed = applied(claim(id, WORKER));
        assertThat(claimed.claimToken()).isPresent().isNotEqualTo(started.claimToken());
        assertThat(reread(id)).isEqualTo(claimed);
    }

    @Test
    final void aCallWhoseAnswerWasLostGetsTheSameTokenAgain() {
        RunId id = dispatched(aRun()).id();
        WorkflowRun started = applied(keyed("start-1", start(id, WORKER)));
        Transition again = store.apply(keyed("start-1", start(id, WORKER)));
        assertThat(again.orElseThrow().claimToken()).isEqualTo(started.claimToken());

        applied(change(id, RunCommand.SUSPEND));
        applied(change(id, RunCommand.RESUME));
        ClaimRun claim = claim(id, WORKER);
        assertThat(applied(claim)).isEqualTo(applied(claim));
        assertThat(store.apply(claim(id, WORKER)))
                .as("another claim under the same name")
                .isInstanceOf(Transition.Rejected.class);
    }

    @Test
    final void aClaimThatLostTheRunChangesNothing() {
        WorkflowRun lost = runIn(RunState.RUNNING);
        applied(requeue(lost.id()));
        WorkflowRun standing = applied(start(lost.id(), WORKER));
        for (RunCommand command : RunCommand.values()) {
            if (command.leaves(RunState.RUNNING)) {
                rejected(by(lost, change(lost.id(), command)));
            }
        }
        assertThat(reread(lost.id())).isEqualTo(standing);
        applied(by(standing, succeed(lost.id())));
    }

    @Test
    final void aCallThatExpectsAVersionChangesNoOther() {
        WorkflowRun waiting = runIn(RunState.SUSPENDED);
        RunId id = waiting.id();
        applied(change(id, RunCommand.RESUME));
        Transition.Rejected rejected = rejected(at(waiting.seq(), fail(id, Failure.of("too late"))));
        assertThat(rejected.why()).contains("version 4", "expected 3");
        Head expecting = Head.of().expectedSeq(3L);
        assertThat(store.apply(new ClaimRun(id, WORKER, expecting))).isInstanceOf(Transition.Rejected.class);
        assertThat(reread(id).owner()).isEmpty();
        applied(new ClaimRun(id, WORKER, expecting.expectedSeq(4L)));
        applied(at(4, succeed(id)));
    }

    // ---- requeue

    @Test
    final void aRequeuedRunWaitsAgainAndItsNextStartIsAFurtherExecution() {
        WorkflowRun first = runIn(RunState.RUNNING);
        RunId id = first.id();
        assertThat(first.execution()).isEqualTo(1);
        RunChange change = requeue(id);
        WorkflowRun waiting = applied(change.with(change.head().actor("ada")));
        assertThat(waiting.owner()).isEmpty();
        assertThat(waiting.times().startedAt()).isEqualTo(first.times().startedAt());

        WorkflowRun second = applied(start(id, "worker-2"));
        assertThat(second.execution()).isEqualTo(2);
        assertThat(second.times().startedAt()).isEqualTo(first.times().startedAt());
        assertThat(second.times().queueWait().orElseThrow())
                .isEqualTo(Duration.between(
                        waiting.times().changedAt(), second.times().changedAt()));
        assertThat(reread(id)).isEqualTo(second);
        applied(succeed(id));

        List<LedgerEvent> events = store.history().events(id);
        assertThat(events)
                .extracting(event -> event.number(EventField.EXECUTION).orElse(0L))
                .containsExactly(0L, 1L, 1L, 2L, 0L);
        assertThat(events.get(2).text(EventField.REASON)).contains("the process stops");
        assertThat(events.get(2).text(EventField.ACTOR)).contains("ada");
        assertThatTheHistoryIsGapFreeAndLegal(id);
    }

    @Test
    final void aRunThatWasHandedOffIsNotRequeued() {
        RunId id = runIn(RunState.RUNNING).id();
        applied(handOff(id, aRun().parentRunId(id)));
        assertThat(rejected(requeue(id)).why()).contains("handed off");
    }

    @Test
    final void aTaskOfAnExecutionThatIsOverIsAbandonedAndCannotEnd() {
        RunId id = runIn(RunState.RUNNING).id();
        NewTask task = aTask("build");
        TaskId taskId = task.id().orElseThrow();
        assertThat(store.apply(start(id, task))).isInstanceOf(TaskTransition.Applied.class);
        assertThat(store.history().task(taskId)).map(TaskRun::execution).contains(1);
        applied(requeue(id));
        applied(start(id, WORKER));
        assertThat(store.history().task(taskId)).map(TaskRun::state).contains(TaskState.ABANDONED);
        assertThat(store.history().tasks(id)).extracting(TaskRun::state).containsExactly(TaskState.ABANDONED);
        TaskTransition late = store.apply(succeed(taskId));
        assertThat(late).isInstanceOf(TaskTransition.Rejected.class);
        assertThat(((TaskTransition.Rejected) late).why()).contains("execution 1", "at 2");
    }

    // ---- inputs

    @Test
    final void anInputIsReadBackExactlyAndIsNoPartOfTheRun() {
        String json = "{ \"token\" : \"ghp_notRedacted\",\t\"grüße\":[1.50, null, \"🚀\"] }";
        WorkflowRun run = dispatched(aRun().input(json));
        assertThat(run.request().input()).isEmpty();
        assertThat(store.history().input(run.id())).contains(json);
        assertThat(reread(run.id())).isEqualTo(run);
        assertThat(store.history().events(run.id()).toString()).doesNotContain("ghp_");

        applied(start(run.id(), WORKER));
        NewRun child = aRun().parentRunId(run.id()).input("[]");
        applied(handOff(run.id(), child));
        assertThat(store.history().input(child.id().orElseThrow())).contains("[]");
        assertThat(store.history().input(run.id())).contains(json);
        assertThat(store.history().input(dispatched(aRun()).id())).isEmpty();
        assertThat(store.history().input(newId())).isEmpty();
    }

    // ---- deliveries

    @Test
    final void aDeliveryWhoseRunCouldNotBeEnqueuedWasNotTaken() {
        NewRun first = on("t-" + newId())
                .trigger(Trigger.of("push").deliveryId("d-" + newId()))
                .oncePerDelivery(true);
        dispatched(first);
        applied(change(first.id().orElseThrow(), RunCommand.ENQUEUE_FAILED));
        NewRun second = first.id(newId());
        dispatched(second);
        applied(cancel(second.id().orElseThrow()));
        assertThatItIsHeldBy(second.id().orElseThrow(), first.id(newId())); // as a duplicate delivery
    }

    // ---- the guard

    @Test
    final void theGuardPassesToTheOldestChildInFlightAndThenToTheNext() {
        WorkflowRun parent = dispatched(on("t-" + newId()));
        applied(start(parent.id(), WORKER));
        NewRun older = parent.request().id(newId()).parentRunId(parent.id());
        NewRun younger = parent.request().id(newId()).parentRunId(parent.id());
        applied(handOff(parent.id(), older));
        applied(handOff(parent.id(), younger));
        applied(cancel(parent.id()));

        NewRun stranger = parent.request().id(newId());
        assertThatItIsHeldBy(older.id().orElseThrow(), stranger);
        applied(cancel(older.id().orElseThrow()));
        assertThatItIsHeldBy(younger.id().orElseThrow(), stranger);
        applied(cancel(younger.id().orElseThrow()));
        dispatched(stranger);
    }

    private void assertThatItIsHeldBy(RunId holder, NewRun stranger) {
        Dispatch refused = store.apply(dispatch(stranger));
        assertThat(refused).isInstanceOf(Dispatch.Refused.class);
        assertThat(((Dispatch.Refused) refused).blocker()).contains(holder);
    }

    @Test
    final void theGuardIsFreeAfterParentAndChildEndedAtTheSameMoment() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            WorkflowRun parent = dispatched(on("t-" + newId()));
            applied(start(parent.id(), WORKER));
            NewRun child = parent.request().id(newId()).parentRunId(parent.id());
            applied(handOff(parent.id(), child));
            AtOnce.call(List.of(
                    () -> store.apply(cancel(parent.id())),
                    () -> store.apply(cancel(child.id().orElseThrow()))));
            dispatched(parent.request().id(newId()));
        }
    }

    @Test
    final void draftRunsAndLiveRunsAreNotInEachOthersWay() {
        NewRun live = on("t-" + newId())
                .trigger(Trigger.of("push").deliveryId("d-" + newId()))
                .oncePerDelivery(true);
        NewRun draft = live.id(newId()).channel(Channel.DRAFT);
        dispatched(draft);
        dispatched(live);
        assertThatItIsHeldBy(draft.id().orElseThrow(), draft.id(newId()).oncePerDelivery(false));
        applied(cancel(draft.id().orElseThrow()));
        assertThatItIsHeldBy(live.id().orElseThrow(), live.id(newId()).oncePerDelivery(false));
    }
}
