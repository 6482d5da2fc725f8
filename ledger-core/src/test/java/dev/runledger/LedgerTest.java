package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.CallOutcome.RejectedException;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The transitions of a run: each is stored, emitted once, and rejected as a value if it does not fit. */
class LedgerTest {
    private final TestClock clock = new TestClock();
    private final Recorder recorder = new Recorder();
    private final Ledger ledger = Ledger.builder().sink(recorder).clock(clock).build();

    @AfterEach
    void close() {
        ledger.close();
    }

    private RunId queued() {
        return ledger.dispatch(NewRun.of("review")).orElseThrow().id();
    }

    private RunId running() {
        return ledger.start(queued(), "w1").orElseThrow().id();
    }

    @Test
    void aRunThatSucceedsEmitsEachTransitionOnceAndItsEcho() {
        RunId id = queued();
        clock.advance(Duration.ofSeconds(2));
        ledger.start(id, "w1").orElseThrow();
        clock.advance(Duration.ofSeconds(3));
        ledger.suspend(id, Wait.of(Wait.Code.APPROVAL)).orElseThrow();
        clock.advance(Duration.ofSeconds(5));
        ledger.resume(id, Resumption.of("approved", "ada")).orElseThrow();
        clock.advance(Duration.ofSeconds(7));
        ledger.succeed(id).orElseThrow();

        assertThat(recorder.names())
                .containsExactly(
                        "workflow.run.queued",
                        "workflow.run.running",
                        "workflow.run.suspended",
                        "workflow.run.resumed",
                        "workflow.run.succeeded",
                        "workflow.run.completed");
        assertThat(recorder.events())
                .extracting(LedgerEvent::eventId)
                .containsExactly(id + ":1", id + ":2", id + ":3", id + ":4", id + ":5", id + ":5:completed");
        assertThat(recorder.events().get(1).number(EventField.QUEUE_WAIT_MS)).contains(2000L);
        assertThat(recorder.events().get(3).number(EventField.SUSPENDED_MS)).contains(5000L);
        LedgerEvent succeeded = recorder.events().get(4);
        assertThat(succeeded.number(EventField.DURATION_MS)).contains(15_000L);
        assertThat(succeeded.number(EventField.QUEUE_WAIT_MS)).contains(2000L);
        assertThat(succeeded.number(EventField.SUSPENDED_MS)).contains(5000L);
        assertThat(recorder.events().get(5).text(EventField.OUTCOME)).contains("succeeded");
        assertThatTheContractIsKept();
    }

    private void assertThatTheContractIsKept() {
        assertThat(recorder.events())
                .allSatisfy(event ->
                        assertThat(event.get(EventField.CONTRACT_VIOLATION)).isEmpty());
    }

    @Test
    void whatIsStoredIsWhatWasEmitted() {
        RunId id = running();
        CallOptions options = CallOptions.customFields(EventFields.of().put("attempted", 3));
        ledger.fail(id, Failure.of("broken"), options).orElseThrow();
        List<LedgerEvent> transitions = recorder.events().stream()
                .filter(event -> event.type() != WorkflowRunEvent.COMPLETED)
                .toList();
        assertThat(ledger.history().events(id))
                .extracting(LedgerEvent::type, LedgerEvent::fields)
                .isEqualTo(transitions.stream()
                        .map(event -> tuple(event.type(), event.fields()))
                        .toList());
        assertThat(transitions.get(2).fields()).containsEntry("attempted", 3L);
    }

    @Test
    void everyEventOfTheVocabularyIsEmittedBySomeCall() throws Exception {
        RunId parent =
                ledger.dispatch(NewRun.of("ship").target("t")).orElseThrow().id();
        assertThat(ledger.dispatch(NewRun.of("ship").target("t"))).isInstanceOf(Dispatch.Refused.class);
        ledger.execute(parent, "w", scope -> {
                    scope.task("work", task -> {
                        task.progress("half", 1, 2);
                        return "done";
                    });
                    scope.skip(NewTask.of("other"), "cached");
                    TaskScope flaky = scope.task(NewTask.of("flaky").retry(RetryPolicy.upTo(2, Duration.ofSeconds(1))));
                    flaky.fail(Failure.of("once"));
                    flaky.retry();
                    flaky.succeed();
                    return RunOutcome.suspended(Wait.of(Wait.Code.APPROVAL));
                })
                .orElseThrow();
        ledger.resume(parent, Resumption.of()).orElseThrow();
        ledger.handOff(parent, NewRun.of("child")).orElseThrow();
        ledger.cancel(parent, "enough").orElseThrow();
        assertThat(ledger.await(parent, Duration.ofSeconds(1))).isPresent();
        ledger.enqueueFailed(queued(), new IllegalStateException("queue full")).orElseThrow();
        ledger.fail(queued(), Failure.of("x")).orElseThrow();
        RunId again = running();
        ledger.requeue(again, "the process stops").orElseThrow();
        ledger.start(again, "w").orElseThrow();
        ledger.succeed(again).orElseThrow();
        ledger.incomplete(running(), "red").orElseThrow();
        Wait late = Wait.of(Wait.Code.APPROVAL).until(clock.instant(), Wait.OnDeadline.REPORT);
        WorkflowRun waiting = ledger.suspend(running(), late).orElseThrow();
        assertThat(ledger.maintenance().reportOverdue(waiting, Duration.ofSeconds(3)))
                .isTrue();
        assertThat(recorder.events().stream().map(LedgerEvent::type).distinct())
                .hasSize(WorkflowRunEvent.values().length + TaskRunEvent.values().length);
        assertThatTheContractIsKept();
    }

    // ---- repeats and races

    @Test
    void theSameCallAgainNamesTheStoredEventWhateverCameAfter() {
        RunId id = queued();
        CallOptions options = CallOptions.idempotencyKey("message-7");
        ledger.start(id, "w1", options).orElseThrow();
        ledger.succeed(id).orElseThrow();
        Transition again = ledger.start(id, "w1", options);
        assertThat(again).isInstanceOf(Transition.AlreadyApplied.class);
        assertThat(((Transition.AlreadyApplied) again).eventId()).isEqualTo(id + ":2");
        assertThat(recorder.eventsOf(WorkflowRunEvent.RUNNING)).hasSize(1);
        assertThat(ledger.calls().get(StoreCommand.Call.START))
                .containsEntry(CallOutcome.Result.APPLIED, 1L)
                .containsEntry(CallOutcome.Result.ALREADY, 1L);
    }

    @Test
    void aLostRaceIsAValueThatNamesWhatStands() {
        RunId id = running();
        ledger.cancel(id, "enough").orElseThrow();
        Transition late = ledger.succeed(id);
        assertThat(late).isInstanceOf(Transition.Rejected.class);
        assertThat(((Transition.Rejected) late).state()).isEqualTo(RunState.CANCELLED);
        assertThatThrownBy(late::orElseThrow)
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        rejected -> assertThat(rejected.outcome()).isSameAs(late))
                .hasMessageContaining("succeed")
                .hasMessageContaining("CANCELLED");
        assertThatThrownBy(() -> ledger.start(RunId.of("nobody"), "w").orElseThrow())
                .hasMessage("start of run nobody: there is no such run");
    }

    // ---- hand-off

    @Test
    void aHandedOffParentIsEndedByTheApplication() {
        RunId parent =
                ledger.dispatch(NewRun.of("ship").target("pr-1")).orElseThrow().id();
        Transition handedOff = ledger.execute(
                parent, "w1", scope -> RunOutcome.handedOff(NewRun.of("plan").target("pr-1")));
        RunId child = ((Transition.Applied) handedOff).child().orElseThrow().id();
        assertThat(recorder.names())
                .containsExactly(
                        "workflow.run.queued",
                        "workflow.run.running",
                        "workflow.run.handed_off",
                        "workflow.run.queued");
        assertThat(recorder.events().get(2).text(EventField.CHILD_RUN_ID)).contains(child.value());
        assertThat(recorder.events().get(3).text(EventField.PARENT_RUN_ID)).contains(parent.value());
        ledger.execute(child, "w2", scope -> RunOutcome.succeeded()).orElseThrow();
        assertThat(ledger.succeed(parent).isApplied()).isTrue();
    }

    @Test
    void aRefusedChildIsEmittedAndRejectsTheHandOff() {
        ledger.dispatch(NewRun.of("plan").target("pr-1")).orElseThrow();
        Transition rejected = ledger.handOff(running(), NewRun.of("plan").target("pr-1"));
        assertThat(rejected).isInstanceOf(Transition.Rejected.class);
        assertThat(recorder.eventsOf(WorkflowRunEvent.DISPATCH_REFUSED)).hasSize(1);
        assertThat(recorder.eventsOf(WorkflowRunEvent.HANDED_OFF)).isEmpty();
    }

    // ---- clocks, limits, retention

    @Test
    void noDurationIsNegativeWhenTheClockStepsBack() {
        RunId id = queued();
        clock.advance(Duration.ofHours(-1));
        ledger.start(id, "w1").orElseThrow();
        clock.advance(Duration.ofHours(-1));
        ledger.suspend(id, Wait.of(Wait.Code.WAIT)).orElseThrow();
        clock.advance(Duration.ofHours(-1));
        ledger.resume(id, Resumption.of()).orElseThrow();
        clock.advance(Duration.ofHours(-1));
        ledger.succeed(id).orElseThrow();
        for (EventField duration : List.of(EventField.DURATION_MS, EventField.QUEUE_WAIT_MS, EventField.SUSPENDED_MS)) {
            assertThat(recorder.only(WorkflowRunEvent.SUCCEEDED).number(duration))
                    .contains(0L);
        }
    }

    @Test
    void whatIsCutSaysSoInTheEventAndInTheStore() {
        RunId id = queued();
        ledger.cancel(id, "because ".repeat(1000)).orElseThrow();
        LedgerEvent cancelled = recorder.only(WorkflowRunEvent.CANCELLED);
        assertThat(cancelled.fields()).containsEntry("truncated", true);
        assertThat(cancelled.text(EventField.REASON).orElseThrow())
                .hasSize(2048)
                .endsWith("\u2026");
        assertThat(ledger.history().events(id).get(1).fields()).isEqualTo(cancelled.fields());
        assertThat(ledger.events().counters().truncations()).isEqualTo(1);
    }

    @Test
    void onlyTheNewestEndedRunsAreKept() {
        RunStore store = RunStore.inMemory(clock, 3);
        List<RunId> ids = new ArrayList<>();
        try (Ledger small = Ledger.builder().store(store).sink(recorder).build()) {
            for (int i = 0; i < 5; i++) {
                RunId id = small.dispatch(NewRun.of("review").target("t" + i))
                        .orElseThrow()
                        .id();
                small.execute(id, "w", scope -> {
                            scope.task("work", task -> 1);
                            return RunOutcome.succeeded();
                        })
                        .orElseThrow();
                ids.add(id);
            }
        }
        assertThat(ids.stream().filter(id -> store.history().run(id).isPresent()))
                .containsExactlyElementsOf(ids.subList(2, 5));
    }
}
