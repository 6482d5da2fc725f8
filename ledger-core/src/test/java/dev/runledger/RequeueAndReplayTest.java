package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.EventSink;
import dev.runledger.state.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class RequeueAndReplayTest {
    private final List<LedgerEvent> events = new ArrayList<>();
    private final List<WorkflowRun> queue = new ArrayList<>();
    private final Ledger ledger = Ledger.builder()
            .sink(EventSink.inline(events::add))
            .queue(queue::add)
            .build();

    private RunId running(NewRun run) {
        RunId id = ledger.dispatch(run).orElseThrow().id();
        ledger.start(id, "w").orElseThrow();
        return id;
    }

    private LedgerEvent latest(WorkflowRunEvent type) {
        return events.stream()
                .filter(event -> event.type() == type)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    // ---- requeue

    @Test
    void aRequeuedRunIsHandedToTheQueueAgain() {
        RunId id = running(NewRun.of("review"));
        ledger.requeue(id, "the process stops", CallOptions.actor("deploy")).orElseThrow();
        assertThat(queue).extracting(WorkflowRun::id).containsExactly(id, id);
        assertThat(queue.get(1).state()).isEqualTo(RunState.QUEUED);
        LedgerEvent requeued = latest(WorkflowRunEvent.REQUEUED);
        assertThat(requeued.text(EventField.REASON)).contains("the process stops");
        assertThat(requeued.text(EventField.ACTOR)).contains("deploy");
        assertThat(requeued.number(EventField.EXECUTION)).contains(1L);
        assertThat(requeued.get(EventField.CONTRACT_VIOLATION)).isEmpty();
    }

    @Test
    void aQueueThatRefusesARequeuedRunFailsIt() {
        List<RunId> taken = new ArrayList<>();
        Ledger full = Ledger.builder()
                .queue(run -> {
                    if (run.seq() > 1) {
                        throw new IllegalStateException("queue full");
                    }
                    taken.add(run.id());
                })
                .build();
        RunId id = full.dispatch(NewRun.of("review")).orElseThrow().id();
        full.start(id, "w").orElseThrow();
        full.requeue(id, "the process stops").orElseThrow();
        WorkflowRun run = full.history().run(id).orElseThrow();
        assertThat(run.state()).isEqualTo(RunState.FAILED);
        assertThat(run.reason()).hasValueSatisfying(reason -> assertThat(reason).contains("queue full"));
    }

    @Test
    void anExecutionThatLostItsRunCannotEndIt() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        Transition end = ledger.execute(id, "w", scope -> {
            ledger.requeue(id, "taken for lost").orElseThrow();
            ledger.start(id, "w").orElseThrow(); // the same name, another execution
            return RunOutcome.succeeded();
        });
        assertThat(end).isInstanceOf(Transition.Rejected.class);
        assertThat(((Transition.Rejected) end).why()).contains("claim");
        WorkflowRun run = ledger.history().run(id).orElseThrow();
        assertThat(run.state()).isEqualTo(RunState.RUNNING);
        assertThat(run.execution()).isEqualTo(2);
    }

    @Test
    void anApplicationThatCallsStartAndSucceedItselfIsFencedByItsToken() {
        WorkflowRun first = ledger.start(
                        ledger.dispatch(NewRun.of("review")).orElseThrow().id(), "w")
                .orElseThrow();
        ledger.requeue(first.id(), "taken for lost").orElseThrow();
        WorkflowRun second = ledger.start(first.id(), "w").orElseThrow();
        CallOptions stale = CallOptions.expectedClaim(first.claimToken().orElseThrow());
        assertThat(ledger.succeed(first.id(), stale)).isInstanceOf(Transition.Rejected.class);
        CallOptions own = CallOptions.expectedClaim(second.claimToken().orElseThrow());
        assertThat(ledger.succeed(first.id(), own).isApplied()).isTrue();
    }

    @Test
    void aSweeperThatDecidedOnAnOldVersionKillsNoRunThatWentOn() {
        RunId id = running(NewRun.of("review"));
        WorkflowRun seen = ledger.suspend(id, Wait.of(Wait.Code.APPROVAL)).orElseThrow();
        ledger.resume(id, Resumption.of("approved", "ada")).orElseThrow();
        Transition late = ledger.fail(id, Failure.of("nobody answered"), CallOptions.expectedSeq(seen.seq()));
        assertThat(late).isInstanceOf(Transition.Rejected.class);
        assertThat(((Transition.Rejected) late).why()).isEqualTo("it is at version 4, expected 3");
    }

    @Test
    void theActorOfACancelIsOnItsEvent() {
        ledger.cancel(running(NewRun.of("review")), "not needed", CallOptions.actor("ada"))
                .orElseThrow();
        assertThat(latest(WorkflowRunEvent.CANCELLED).text(EventField.ACTOR)).contains("ada");
    }

    @Test
    void anActorWithoutCharactersIsRefused() {
        assertThatThrownBy(() -> CallOptions.actor(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("actor has 1 characters, expected 1 to 256 that are not all blank");
    }

    // ---- replay

    @Test
    void aReplayIsANewRunOfTheSameWorkLinkedToTheOldOne() {
        Trigger trigger = Trigger.of("push").deliveryId("d-1").payload(Payload.json("{\"a\":1}"));
        NewRun asked = NewRun.of("review")
                .project("acme")
                .workflowVersion("7")
                .target("acme/app#42")
                .trigger(trigger)
                .taskQueue("webhooks")
                .oncePerDelivery(true);
        RunId original = running(asked);
        ledger.fail(original, Failure.of("broken")).orElseThrow();

        WorkflowRun again = ledger.replay(original, run -> run.workflowVersion("8"), CallOptions.actor("ada"))
                .orElseThrow();
        assertThat(again.id()).isNotEqualTo(original);
        assertThat(again.request().replayOfRunId()).contains(original);
        assertThat(again.request().parentRunId()).isEmpty();
        assertThat(again.request().workflowVersion()).contains("8");
        assertThat(again.target()).isEqualTo(asked.target());
        assertThat(again.request().trigger().flatMap(Trigger::payload))
                .isEqualTo(ledger.history()
                        .run(original)
                        .orElseThrow()
                        .request()
                        .trigger()
                        .flatMap(Trigger::payload));
        LedgerEvent queued = latest(WorkflowRunEvent.QUEUED);
        assertThat(queued.text(EventField.REPLAY_OF_RUN_ID)).contains(original.value());
        assertThat(queued.text(EventField.ACTOR)).contains("ada");
        assertThat(ledger.history().events(again.id())).first().isEqualTo(queued);
        assertThat(queue).extracting(WorkflowRun::id).containsExactly(original, again.id());
    }

    @Test
    void aReplayWhileTheOriginalIsInFlightIsRefused() {
        RunId original = running(NewRun.of("review").target("acme/app#42"));
        assertThat(ledger.replay(original)).isInstanceOf(Dispatch.Refused.class);
        assertThat(ledger.replay(original, run -> run.channel(NewRun.Channel.DRAFT)))
                .isInstanceOf(Dispatch.Queued.class);
    }

    @Test
    void aReplayOfNoRunSaysSo() {
        assertThatThrownBy(() -> ledger.replay(RunId.of("nobody")))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("there is no run nobody to replay");
    }
}
