package dev.runledger.testkit;

import static dev.runledger.testkit.Commands.WORKER;
import static dev.runledger.testkit.Commands.cancel;
import static dev.runledger.testkit.Commands.change;
import static dev.runledger.testkit.Commands.claim;
import static dev.runledger.testkit.Commands.dispatch;
import static dev.runledger.testkit.Commands.handOff;
import static dev.runledger.testkit.Commands.resume;
import static dev.runledger.testkit.Commands.start;
import static dev.runledger.testkit.Commands.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.runledger.event.LedgerEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.CallOutcome.Imported;
import dev.runledger.run.CallOutcome.Result;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
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
import dev.runledger.store.RunImport;
import dev.runledger.store.StoreCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** The part of {@link RunHistoryContract} that is about runs from elsewhere. */
@NullUnmarked // a null that should not be there fails the test that it is in
abstract class ImportContract extends RunPageContract {
    private static final Instant THEN = Instant.parse("2019-05-06T07:08:09.101112Z");

    /** Used by the contract alone. */
    ImportContract() {}

    private static Instant at(long seconds) {
        return THEN.plusSeconds(seconds);
    }

    private Imported imported(RunImport run) {
        return store.apply(run.toCommand());
    }

    private WorkflowRun done(RunImport run) {
        Imported outcome = imported(run);
        assertThat(outcome).isInstanceOf(Imported.Done.class);
        assertThat(outcome.result()).isEqualTo(Result.APPLIED);
        WorkflowRun stored = outcome.orElseThrow();
        assertThat(reread(stored.id())).isEqualTo(stored);
        return stored;
    }

    private static LedgerEvent event(List<LedgerEvent> events, String eventId) {
        return events.stream()
                .filter(event -> event.eventId().equals(eventId))
                .findFirst()
                .orElseThrow();
    }

    // ---- a whole life

    @Test
    final void aWholeLifeIsImportedWithItsOwnTimes() {
        NewRun asked = ofProject()
                .target("acme/app#" + newId())
                .workflowVersion("7")
                .trigger(Trigger.of("push").deliveryId("d-" + newId()).payload(Payload.json("{\"a\":1}")));
        RunId id = asked.id().orElseThrow();
        NewTask build = aTask("build").input(Payload.json("{\"b\":2}"));
        NewTask cached = aTask("fetch");
        NewTask lost = aTask("score");
        Failure flaky = Failure.of("flaky", Failure.Category.CONNECTIVITY);
        Wait wait = Wait.of(Wait.Code.APPROVAL)
                .reason("needs a look")
                .until(at(900), Wait.OnDeadline.FAIL)
                .correlationKey("key-" + newId());
        RunImport life = RunImport.of(asked, THEN)
                .started(at(5), "worker-1")
                .requeued(at(10), "the process stops", "ada")
                .started(at(30), "worker-2")
                .suspended(at(40), wait)
                .resumed(at(100), Resumption.of("approved", "bob").payload(Payload.json("{\"c\":3}")))
                .incomplete(at(200), "still red")
                .task(
                        build,
                        at(6),
                        attempts -> attempts.failed(at(8), flaky, TaskRun.Result.tool(1, 20))
                                .retried(at(31))
                                .succeeded(at(120), TaskRun.Result.of(Payload.json("{\"d\":4}"))))
                .skipped(cached, at(32), "cached")
                .task(lost, at(150));

        WorkflowRun run = done(life);

        assertThat(run.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(run.seq()).isEqualTo(7);
        assertThat(run.execution()).isEqualTo(2);
        assertThat(run.owner()).isEmpty();
        assertThat(run.claimToken()).isEmpty();
        assertThat(run.reason()).contains("still red");
        assertThat(run.latestWait()).contains(wait);
        assertThat(run.resumption().orElseThrow().payload()).isPresent();
        assertThat(run.times())
                .isEqualTo(WorkflowRun.Times.of(
                        THEN, at(5), Duration.ofSeconds(20), at(40), Duration.ofSeconds(60), at(200)));
        assertThat(store.history().tasks(id))
                .extracting(
                        TaskRun::id,
                        TaskRun::state,
                        TaskRun::seq,
                        TaskRun::attempt,
                        TaskRun::execution,
                        TaskRun::changedAt)
                .containsExactly(
                        tuple(build.id().orElseThrow(), TaskState.SUCCEEDED, 4L, 2, 2, at(120)),
                        tuple(cached.id().orElseThrow(), TaskState.SKIPPED, 1L, 0, 2, at(32)),
                        tuple(lost.id().orElseThrow(), TaskState.ABANDONED, 1L, 1, 2, at(150)));
        TaskRun built = store.history().task(build.id().orElseThrow()).orElseThrow();
        assertThat(built.request()).isEqualTo(build);
        assertThat(built.startedAt()).isEqualTo(at(6));
        assertThat(built.attemptedAt()).isEqualTo(at(31));
        assertThat(built.result().orElseThrow().output()).isPresent();
    }

    @Test
    final void eachImportedChangeHasItsEventAtItsTime() {
        NewRun asked = ofProject();
        RunId id = asked.id().orElseThrow();
        TaskId task = newTaskId();
        WorkflowRun run = done(RunImport.of(asked, THEN)
                .started(at(5), "worker-1")
                .task(
                        NewTask.of("build").id(task),
                        at(6),
                        attempts -> attempts.failed(at(8), Failure.of("flaky")).retried(at(9)))
                .suspended(at(10), Wait.of(Wait.Code.CALLBACK))
                .resumed(at(20), Resumption.of("approved", "bob"))
                .failed(at(30), Failure.of("broken", Failure.Category.BUG)));

        List<LedgerEvent> events = store.history().events(id);
        assertThat(events)
                .extracting(LedgerEvent::eventId)
                .containsExactly(
                        id + ":1", id + ":2", id + ":3", id + ":4", id + ":5", task + ":1", task + ":2", task + ":3");
        assertThat(events)
                .extracting(LedgerEvent::occurredAt)
                .containsExactly(THEN, at(5), at(10), at(20), at(30), at(6), at(8), at(9));
        assertThat(event(events, id + ":4").fields())
                .containsEntry("decision", "approved")
                .containsEntry("suspendedMs", 10_000L);
        assertThat(event(events, run.eventId()).fields())
                .containsEntry("durationMs", 25_000L)
                .containsEntry("queueWaitMs", 5_000L)
                .containsEntry("suspendedMs", 10_000L)
                .containsEntry("errorCategory", "bug");
        assertThat(event(events, task + ":2").fields())
                .containsEntry("durationMs", 2_000L)
                .containsEntry("attempt", 1L);
        assertThat(store.apply(cancel(id))).isInstanceOf(Transition.Rejected.class);
    }

    @Test
    final void aRunThatNeverRanIsImportedToo() {
        NewRun asked = ofProject();
        done(RunImport.of(asked, THEN).cancelled(at(1), "called off", "ada"));
        assertThatTheHistoryIsGapFreeAndLegal(asked.id().orElseThrow());
        NewRun lost = ofProject();
        done(RunImport.of(lost, THEN).enqueueFailed(at(1), Failure.of("queue full")));
        assertThatTheHistoryIsGapFreeAndLegal(lost.id().orElseThrow());
    }

    @Test
    final void importedTimesAreCutToMicroseconds() {
        Instant fine = Instant.parse("2019-05-06T07:08:09.123456999Z");
        NewRun asked = ofProject();
        NewTask task = aTask("build");
        WorkflowRun run = done(RunImport.of(asked, fine)
                .started(fine.plusNanos(1_000), WORKER)
                .task(task, fine.plusNanos(2_000), attempts -> attempts.succeeded(fine.plusNanos(3_000)))
                .succeeded(fine.plusNanos(4_000)));
        Instant cut = Instant.parse("2019-05-06T07:08:09.123456Z");
        assertThat(run.times().queuedAt()).isEqualTo(cut);
        assertThat(run.times().startedAt()).contains(cut.plusNanos(1_000));
        assertThat(run.endedAt()).contains(cut.plusNanos(4_000));
        assertThat(store.history().events(run.id()))
                .extracting(LedgerEvent::occurredAt)
                .containsExactlyInAnyOrder(
                        cut, cut.plusNanos(1_000), cut.plusNanos(2_000), cut.plusNanos(3_000), cut.plusNanos(4_000));
        assertThat(store.history().task(task.id().orElseThrow()).orElseThrow().changedAt())
                .isEqualTo(cut.plusNanos(3_000));
    }

    // ---- in flight

    @Test
    final void anImportedRunThatIsQueuedGoesOn() {
        NewRun asked = ofProject();
        RunId id = asked.id().orElseThrow();
        done(RunImport.of(asked, THEN));
        assertThat(store.apply(dispatch(asked))).isInstanceOf(Dispatch.AlreadyQueued.class);
        WorkflowRun started = applied(start(id, WORKER));
        assertThat(started.times().queueWait().orElseThrow()).isGreaterThan(Duration.ofDays(365));
        applied(succeed(id));
        assertThatTheHistoryIsGapFreeAndLegal(id);
    }

    @Test
    final void anImportedRunThatIsRunningGoesOn() {
        NewRun asked = ofProject();
        RunId id = asked.id().orElseThrow();
        NewTask task = aTask("build");
        WorkflowRun run = done(RunImport.of(asked, THEN).started(at(1), WORKER).task(task, at(2)));
        assertThat(run.owner()).contains(WORKER);
        assertThat(store.apply(succeed(task.id().orElseThrow()))).isInstanceOf(TaskTransition.Applied.class);
        applied(change(id, RunCommand.REQUEUE));
        assertThat(applied(start(id, "worker-2")).execution()).isEqualTo(2);
        applied(succeed(id));
        assertThat(store.history().events(id)).hasSize(5 + 2);
    }

    @Test
    final void anImportedRunThatWaitsIsFoundAndResumed() {
        String key = "key-" + newId();
        NewRun asked = ofProject();
        RunId id = asked.id().orElseThrow();
        done(RunImport.of(asked, THEN)
                .started(at(1), WORKER)
                .suspended(at(2), Wait.of(Wait.Code.CALLBACK).correlationKey(key)));
        assertThat(store.history().waitingFor(project, key))
                .map(WorkflowRun::id)
                .contains(id);
        applied(resume(id, Resumption.of().correlationKey(key)));
        assertThat(store.history().waitingFor(project, key)).isEmpty();
        applied(claim(id, "worker-2"));
        applied(succeed(id));
        assertThatTheHistoryIsGapFreeAndLegal(id);
    }

    @Test
    final void anImportedHandOffNamesItsChild() {
        NewRun asked = ofProject().target("acme/app#" + newId());
        RunId id = asked.id().orElseThrow();
        RunId child = newId();
        WorkflowRun run = done(RunImport.of(asked, THEN).started(at(1), WORKER).handedOff(at(2), child));
        assertThat(run.handedOff()).isTrue();
        assertThat(event(store.history().events(id), id + ":3").fields()).containsEntry("childRunId", child.value());
        done(RunImport.of(asked.id(child).parentRunId(id), at(2))); // under the guard of its parent
        assertThat(store.history().children(id)).extracting(WorkflowRun::id).containsExactly(child);
        assertThat(store.apply(handOff(id, asked.id(child)))).isInstanceOf(Transition.AlreadyApplied.class);
        applied(succeed(id));
        assertThat(store.apply(dispatch(asked.id(newId()))))
                .as("the guard has passed to the child")
                .isInstanceOf(Dispatch.Refused.class);
    }

    // ---- what is in the way

    @Test
    final void anImportedRunInFlightTakesItsGuardAndAnEndedOneDoesNot() {
        NewRun asked = ofProject().target("acme/app#" + newId());
        RunId id = asked.id().orElseThrow();
        done(RunImport.of(asked, THEN).started(at(1), WORKER));
        Dispatch second = store.apply(dispatch(asked.id(newId())));
        assertThat(second).isInstanceOf(Dispatch.Refused.class);
        assertThat(((Dispatch.Refused) second).blocker()).contains(id);
        done(RunImport.of(asked.id(newId()), THEN).started(at(1), WORKER).succeeded(at(2)));
        applied(succeed(id));
        dispatched(asked.id(newId()));
    }

    @Test
    final void anImportIsNotDoneIfItsGuardIsHeld() {
        NewRun asked = ofProject().target("acme/app#" + newId());
        RunId holder = dispatched(asked).id();
        RunId id = newId();
        TaskId task = newTaskId();
        Imported outcome = imported(RunImport.of(asked.id(id), THEN)
                .started(at(1), WORKER)
                .task(NewTask.of("build").id(task), at(2)));
        assertThat(outcome).isInstanceOf(Imported.Refused.class);
        assertThat(outcome.result()).isEqualTo(Result.REJECTED);
        assertThat(((Imported.Refused) outcome).blocker()).contains(holder);
        assertThatThrownBy(outcome::orElseThrow).hasMessageContaining(holder.value());
        assertThat(store.history().run(id)).isEmpty();
        assertThat(store.history().events(id)).isEmpty();
        assertThat(store.history().task(task)).isEmpty();
    }

    @Test
    final void aTaskOfAnotherRunIsNotImported() {
        NewTask task = aTask("build");
        NewRun first = ofProject();
        done(RunImport.of(first, THEN).started(at(1), WORKER).task(task, at(2)));
        NewRun second = ofProject();
        Imported outcome =
                imported(RunImport.of(second, THEN).started(at(1), WORKER).task(task, at(2)));
        assertThat(outcome).isInstanceOf(Imported.Refused.class);
        assertThat(((Imported.Refused) outcome).blocker()).isEqualTo(first.id());
        assertThat(store.history().run(second.id().orElseThrow())).isEmpty();
    }

    @Test
    final void theSameImportAgainIsThereAlready() {
        NewRun asked = ofProject().target("acme/app#" + newId());
        RunId id = asked.id().orElseThrow();
        RunImport life = RunImport.of(asked, THEN).started(at(1), WORKER).task(aTask("build"), at(2));
        WorkflowRun run = done(life);
        int events = store.history().events(id).size();
        Imported again = imported(life);
        assertThat(again).isEqualTo(new Imported.AlreadyThere(run));
        assertThat(again.result()).isEqualTo(Result.ALREADY);
        assertThat(again.isImported()).isFalse();
        assertThat(store.history().events(id)).hasSize(events);
    }

    @Test
    final void theVeryCommandAgainIsTheSameRun() {
        StoreCommand.ImportRun command =
                RunImport.of(ofProject(), THEN).started(at(1), WORKER).toCommand();
        WorkflowRun run = store.apply(command).orElseThrow();
        assertThat(store.apply(command).orElseThrow()).isEqualTo(run);
    }

    @Test
    final void aDeliveryThatWasSeenKeepsNoRunFromElsewhereOut() {
        NewRun once = ofProject()
                .trigger(Trigger.of("push").deliveryId("d-" + newId()))
                .oncePerDelivery(true);
        store.apply(dispatch(once)).orElseThrow();
        WorkflowRun run =
                done(RunImport.of(once.id(newId()), THEN).started(at(1), WORKER).succeeded(at(2)));
        assertThat(run.request().deliveryId()).isEqualTo(once.deliveryId());
    }

    @Test
    final void aDeliveryOfAnImportedRunIsSeen() {
        NewRun once = ofProject()
                .trigger(Trigger.of("push").deliveryId("d-" + newId()))
                .oncePerDelivery(true);
        done(RunImport.of(once, THEN).started(at(1), WORKER).succeeded(at(2)));
        Dispatch again = store.apply(dispatch(once.id(newId())));
        assertThat(again).isInstanceOf(Dispatch.Refused.class);
        assertThat(((Dispatch.Refused) again).code()).isEqualTo(Dispatch.RefusalCode.DUPLICATE_DELIVERY);
    }

    @Test
    final void aCommandWhoseChangesDoNotFitIsNotMade() {
        StoreCommand.ImportRun fits =
                RunImport.of(ofProject(), THEN).started(at(1), WORKER).toCommand();
        assertThatThrownBy(() -> new StoreCommand.ImportRun(
                        fits.run(),
                        THEN,
                        List.of(fits.changes().get(0), fits.changes().get(0)),
                        StoreCommand.Head.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("started at " + at(1))
                .hasMessageContaining("is RUNNING");
        assertThat(store.history().run(fits.run().id().orElseThrow())).isEmpty();
    }
}
