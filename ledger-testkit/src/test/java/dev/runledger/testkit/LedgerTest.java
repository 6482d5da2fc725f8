package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.runledger.Ledger;
import dev.runledger.Polling;
import dev.runledger.TaskScope;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.context.ContextCarrier;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewRun.Channel;
import dev.runledger.run.NewRun.Trigger;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.RejectedException;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Target;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.PayloadStore;
import dev.runledger.store.RunStore;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.slf4j.event.Level;

class LedgerTest {
    private final MutableClock clock = MutableClock.at("2026-03-01T12:00:00Z");
    private final RecordingSink told = new RecordingSink();
    private final WorkflowRunEvents events =
            WorkflowRunEvents.builder().sink(told).clock(clock).build();
    private final Ledger ledger = Ledger.builder().events(events).build();

    @Test
    void aRunThatSucceedsTellsEachTransitionOnceAndItsEcho() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        clock.advance(Duration.ofSeconds(2));
        ledger.start(id, "w1");
        clock.advance(Duration.ofSeconds(3));
        ledger.suspend(id, Wait.of(Wait.Code.APPROVAL));
        clock.advance(Duration.ofSeconds(5));
        ledger.resume(id, Resumption.of("approved", "ada"));
        clock.advance(Duration.ofSeconds(7));
        ledger.succeed(id);

        assertThat(told.eventNames())
                .containsExactly(
                        "workflow.run.queued",
                        "workflow.run.running",
                        "workflow.run.suspended",
                        "workflow.run.resumed",
                        "workflow.run.succeeded",
                        "workflow.run.completed");
        assertThat(told.events())
                .extracting(LedgerEvent::eventId)
                .containsExactly(id + ":1", id + ":2", id + ":3", id + ":4", id + ":5", id + ":5:completed");
        assertThat(told.events().get(1).number(EventField.QUEUE_WAIT_MS)).contains(2000L);
        assertThat(told.events().get(3).number(EventField.SUSPENDED_MS)).contains(5000L);
        LedgerEvent succeeded = told.events().get(4);
        assertThat(succeeded.number(EventField.DURATION_MS)).contains(15_000L);
        assertThat(succeeded.number(EventField.QUEUE_WAIT_MS)).contains(2000L);
        assertThat(succeeded.number(EventField.SUSPENDED_MS)).contains(5000L);
        assertThat(told.events().get(5).text(EventField.OUTCOME)).contains("succeeded");
        assertThat(told.events())
                .allSatisfy(event ->
                        assertThat(event.get(EventField.CONTRACT_VIOLATION)).isNull());
    }

    @Test
    void whatIsStoredIsWhatWasTold() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.start(id, "w1");
        ledger.withFields(EventFields.of().put("attempted", 3)).fail(id, Failure.of("broken"));
        List<LedgerEvent> transitions = told.events().stream()
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
    void everyEventOfTheVocabularyIsToldBySomeCall() throws Exception {
        Ledger all = ledger;
        RunId parent = all.dispatch(NewRun.of("ship").target("t")).orElseThrow().id();
        all.dispatch(NewRun.of("ship").target("t"));
        all.execute(parent, "w", scope -> {
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
        });
        all.resume(parent, Resumption.of());
        all.handOff(parent, NewRun.of("child"));
        all.cancel(parent, "enough");
        all.await(parent, Duration.ofSeconds(1));
        all.dispatch(NewRun.of("a"), run -> {
            throw new IllegalStateException("queue full");
        });
        RunId failing = all.dispatch(NewRun.of("b")).orElseThrow().id();
        all.fail(failing, Failure.of("x"));
        for (RunOutcome outcome : List.of(RunOutcome.succeeded(), RunOutcome.incomplete("red"))) {
            all.execute(all.dispatch(NewRun.of("c")).orElseThrow().id(), "w", scope -> outcome);
        }
        assertThat(told.events().stream().map(LedgerEvent::type).distinct())
                .hasSize(WorkflowRunEvent.values().length + TaskRunEvent.values().length);
        assertThat(told.events())
                .allSatisfy(event ->
                        assertThat(event.get(EventField.CONTRACT_VIOLATION)).isNull());
    }

    // ---- dispatch

    @Test
    void aRefusalHasNoRunIdAndNamesTheRunInTheWay() {
        RunId first = ledger.dispatch(NewRun.of("review").target("pr-1"))
                .orElseThrow()
                .id();
        Dispatch second = ledger.dispatch(NewRun.of("review").target("pr-1"));
        assertThat(second).isInstanceOf(Dispatch.Refused.class);
        LedgerEvent refused = told.eventsOf(WorkflowRunEvent.DISPATCH_REFUSED).get(0);
        assertThat(refused.get(EventField.RUN_ID)).isNull();
        assertThat(refused.text(EventField.IN_FLIGHT_RUN_ID)).contains(first.value());
        assertThat(refused.text(EventField.REASON_CODE)).contains("in_flight");
        assertThat(ledger.history().refusals(10)).containsExactly(refused);
        assertThatThrownBy(second::orElseThrow)
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining(first.value());
    }

    @Test
    void anEnqueueThatThrowsFailsTheRunAsEnqueueFailed() {
        IllegalStateException full = new IllegalStateException("queue full");
        Dispatch dispatch = ledger.dispatch(NewRun.of("review"), run -> {
            throw full;
        });
        assertThat(dispatch).isInstanceOf(Dispatch.EnqueueFailed.class);
        WorkflowRun run = ((Dispatch.EnqueueFailed) dispatch).run();
        assertThat(run.state()).isEqualTo(RunState.FAILED);
        LedgerEvent failed = told.eventsOf(WorkflowRunEvent.ENQUEUE_FAILED).get(0);
        assertThat(failed.level()).isEqualTo(Level.ERROR);
        assertThat(failed.cause()).isSameAs(full);
        assertThat(told.eventsOf(WorkflowRunEvent.COMPLETED)).hasSize(1);
    }

    @Test
    void anEnqueueThatThrowsAfterAWorkerTookTheRunLosesToTheWorker() {
        Dispatch dispatch = ledger.dispatch(NewRun.of("review"), run -> {
            ledger.start(run.id(), "w1");
            throw new IllegalStateException("connection reset after the message was taken");
        });
        assertThat(dispatch).isInstanceOf(Dispatch.Queued.class);
        assertThat(dispatch.orElseThrow().state()).isEqualTo(RunState.RUNNING);
        assertThat(told.eventsOf(WorkflowRunEvent.ENQUEUE_FAILED)).isEmpty();
    }

    @Test
    void aHostMayDeclineARunForAReasonOfItsOwn() {
        ledger.refuse(NewRun.of("review").id(RunId.of("r")).channel(Channel.DRAFT), "the repository is archived");
        LedgerEvent refused = told.events().get(0);
        assertThat(refused.text(EventField.REASON)).contains("the repository is archived");
        assertThat(refused.text(EventField.CHANNEL)).contains("draft");
        assertThat(refused.get(EventField.RUN_ID)).isNull();
    }

    @Test
    void anEnqueueThatThrowsIsToldAlsoWhereTheDispatchHadATransitionId() {
        Dispatch dispatch = ledger.withTransitionId("message-1").dispatch(NewRun.of("review"), run -> {
            throw new IllegalStateException("queue full");
        });
        assertThat(dispatch).isInstanceOf(Dispatch.EnqueueFailed.class);
    }

    // ---- repeats

    @Test
    void theSameCallAgainNamesTheStoredEventWhateverCameAfter() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        Ledger call = ledger.withTransitionId("message-7");
        call.start(id, "w1");
        ledger.succeed(id);
        Transition again = call.start(id, "w1");
        assertThat(again).isInstanceOf(Transition.AlreadyApplied.class);
        assertThat(((Transition.AlreadyApplied) again).eventId()).isEqualTo(id + ":2");
        assertThat(told.eventsOf(WorkflowRunEvent.RUNNING)).hasSize(1);
        assertThat(ledger.calls().get("start"))
                .containsEntry(CallOutcome.Result.APPLIED, 1L)
                .containsEntry(CallOutcome.Result.ALREADY, 1L);
    }

    @Test
    void aLostRaceIsAValueThatNamesWhatStands() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.start(id, "w1");
        ledger.cancel(id, "enough");
        Transition late = ledger.succeed(id);
        assertThat(late).isInstanceOf(Transition.Rejected.class);
        assertThat(((Transition.Rejected) late).state()).isEqualTo(RunState.CANCELLED);
        assertThatThrownBy(late::orElseThrow)
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining("succeed")
                .hasMessageContaining("CANCELLED");
        assertThatThrownBy(() -> ledger.start(RunId.of("nobody"), "w").orElseThrow())
                .hasMessage("start of run nobody: there is no such run");
    }

    // ---- execute

    @Test
    void executeRethrowsTheVeryThrowableAndTellsItAsUncaught() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        Exception thrown = new Exception("boom");
        assertThatThrownBy(() -> ledger.execute(id, "w1", scope -> {
                    throw thrown;
                }))
                .isSameAs(thrown);
        LedgerEvent failed = told.eventsOf(WorkflowRunEvent.FAILED).get(0);
        assertThat(failed.level()).isEqualTo(Level.ERROR);
        assertThat(failed.get(EventField.UNCAUGHT)).isEqualTo(true);
        assertThat(failed.cause()).isSameAs(thrown);
        assertThat(failed.text(EventField.ERROR_CLASS)).contains("java.lang.Exception");
    }

    @Test
    void anOutcomeThatCannotBeKeptFailsTheRunLikeAHandlerThatThrew() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        NewRun child = NewRun.of("fix").trigger(Trigger.of("push").payload(Payload.json("no JSON")));
        assertThatThrownBy(() -> ledger.execute(id, "worker-1", scope -> RunOutcome.handedOff(child)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ledger.history().run(id).orElseThrow().state()).isEqualTo(RunState.FAILED);
        assertThat(told.eventsOf(WorkflowRunEvent.FAILED).get(0).fields()).containsEntry("uncaught", true);
    }

    @Test
    void whatTheStoreThrowsOnTheWayIsSuppressedByWhatTheHandlerThrew() {
        RunStore real = RunStore.inMemory();
        boolean[] broken = {false};
        RunStore breakable = (RunStore) Proxy.newProxyInstance(
                RunStore.class.getClassLoader(), new Class<?>[] {RunStore.class}, (proxy, method, arguments) -> {
                    if (broken[0]) {
                        throw new IllegalStateException("the store is gone");
                    }
                    return method.invoke(real, arguments);
                });
        Ledger fragile = Ledger.builder().store(breakable).events(events).build();
        RunId id = fragile.dispatch(NewRun.of("review")).orElseThrow().id();
        assertThatThrownBy(() -> fragile.execute(id, "w1", scope -> {
                    broken[0] = true;
                    throw new IllegalArgumentException("boom");
                }))
                .hasMessage("boom")
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("the store is gone"));
        assertThat(fragile.calls().get("fail")).containsEntry(CallOutcome.Result.ERROR, 1L);
        assertThatThrownBy(() -> fragile.cancel(id, "x")).as("state is loud").hasMessage("the store is gone");
    }

    @Test
    void executeRunsTheHandlerOnlyIfTheClaimWasApplied() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        List<String> ran = new ArrayList<>();
        ledger.execute(id, "w1", scope -> {
            ran.add("first");
            return RunOutcome.suspended(Wait.of(Wait.Code.CALLBACK));
        });
        assertThat(ledger.execute(id, "w2", scope -> RunOutcome.succeeded())).isInstanceOf(Transition.Rejected.class);
        ledger.resume(id, Resumption.of());
        Transition end = ledger.execute(id, "w2", scope -> {
            ran.add("second");
            return RunOutcome.succeeded();
        });
        assertThat(end.orElseThrow().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(ran).containsExactly("first", "second");
        assertThat(told.eventsOf(WorkflowRunEvent.RUNNING))
                .as("a claim has no event")
                .hasSize(1);
    }

    @Test
    void anOwnerWhoLostTheRunCannotEndIt() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        Transition end = ledger.execute(id, "w1", scope -> {
            ledger.suspend(id, Wait.of(Wait.Code.WAIT));
            ledger.resume(id, Resumption.of());
            return RunOutcome.succeeded();
        });
        assertThat(end).isInstanceOf(Transition.Rejected.class);
        assertThat(ledger.history().run(id).orElseThrow().state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aHandlerSeesThatItsRunWasCancelled() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        Transition end = ledger.execute(id, "w1", scope -> {
            assertThat(scope.isCancelled()).isFalse();
            ledger.cancel(id, "enough");
            assertThat(scope.isCancelled()).isTrue();
            return RunOutcome.incomplete("stopped half way");
        });
        assertThat(((Transition.Rejected) end).state()).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void theInterruptFlagIsKept() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.execute(id, "w1", scope -> {
            Thread.currentThread().interrupt();
            return RunOutcome.succeeded();
        });
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theContextOfTheRunIsInTheMdcInsideAndNothingElseAfterwards() {
        Ledger carrying = Ledger.builder()
                .events(WorkflowRunEvents.builder()
                        .carrier(ContextCarrier.mdc())
                        .carrier(new BrokenCarrier())
                        .build())
                .build();
        RunId id = carrying.dispatch(NewRun.of("review").target("pr-1"))
                .orElseThrow()
                .id();
        MDC.put("runId", "the host's");
        MDC.put("user", "ada");
        try {
            Map<String, String> before = MDC.getCopyOfContextMap();
            carrying.execute(id, "w1", scope -> {
                assertThat(MDC.getCopyOfContextMap())
                        .containsEntry("runId", id.value())
                        .containsEntry("target", "pr-1")
                        .containsEntry("user", "ada");
                String prepared = scope.task("ask", task -> task.prepare(ready -> MDC.get("runId")));
                assertThat(prepared).isEqualTo(id.value());
                return RunOutcome.succeeded();
            });
            assertThat(MDC.getCopyOfContextMap()).isEqualTo(before);
            assertThat(carrying.events().counters().surroundingFailures()).isPositive();
        } finally {
            MDC.clear();
        }
    }

    /** Throws whatever it is asked. */
    private static final class BrokenCarrier implements ContextCarrier {
        @Override
        public Map<String, String> capture() {
            throw new IllegalStateException("broken");
        }

        @Override
        public Restored restore(WorkflowRun run) {
            throw new IllegalStateException("broken");
        }

        @Override
        public Restored preparing(WorkflowRun run, TaskRun task) {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void aHandedOffParentIsEndedByItsHost() {
        RunId parent =
                ledger.dispatch(NewRun.of("ship").target("pr-1")).orElseThrow().id();
        Transition handedOff = ledger.execute(
                parent, "w1", scope -> RunOutcome.handedOff(NewRun.of("plan").target("pr-1")));
        RunId child = ((Transition.Applied) handedOff).child().orElseThrow().id();
        assertThat(told.eventNames())
                .containsExactly(
                        "workflow.run.queued",
                        "workflow.run.running",
                        "workflow.run.handed_off",
                        "workflow.run.queued");
        assertThat(told.events().get(2).text(EventField.CHILD_RUN_ID)).contains(child.value());
        assertThat(told.events().get(3).text(EventField.PARENT_RUN_ID)).contains(parent.value());
        ledger.execute(child, "w2", scope -> RunOutcome.succeeded());
        assertThat(ledger.succeed(parent).isApplied()).isTrue();
    }

    @Test
    void aRefusedChildIsToldAndRejectsTheHandOff() {
        ledger.dispatch(NewRun.of("plan").target("pr-1"));
        RunId parent = ledger.dispatch(NewRun.of("ship")).orElseThrow().id();
        ledger.start(parent, "w1");
        Transition rejected = ledger.handOff(parent, NewRun.of("plan").target("pr-1"));
        assertThat(rejected).isInstanceOf(Transition.Rejected.class);
        assertThat(told.eventsOf(WorkflowRunEvent.DISPATCH_REFUSED)).hasSize(1);
        assertThat(told.eventsOf(WorkflowRunEvent.HANDED_OFF)).isEmpty();
    }

    // ---- tasks

    @Test
    void aTaskTellsItsAttemptsAndWhetherARetryWasExpected() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.execute(id, "w1", scope -> {
            TaskScope task = scope.task(NewTask.of("call", NewTask.Kind.ADAPTER)
                    .instrument("github")
                    .retry(RetryPolicy.exponential(2, Duration.ofMillis(100), Duration.ofSeconds(1))));
            task.fail(Failure.of(new java.net.SocketTimeoutException("slow")));
            task.retry();
            task.fail(Failure.of("again"));
            task.retry();
            task.succeed();
            return RunOutcome.succeeded();
        });
        List<LedgerEvent> failed = told.eventsOf(TaskRunEvent.FAILED);
        assertThat(failed)
                .extracting(event -> event.get(EventField.RETRY_EXPECTED))
                .containsExactly(true, false);
        assertThat(failed.get(0).text(EventField.ERROR_CATEGORY)).contains("timeout");
        List<LedgerEvent> retries = told.eventsOf(TaskRunEvent.RETRYING);
        assertThat(retries).extracting(LedgerEvent::level).containsExactly(Level.INFO, Level.WARN);
        assertThat(retries.get(0).number(EventField.DELAY_MS)).contains(100L);
        assertThat(retries.get(0).number(EventField.NEXT_ATTEMPT)).contains(2L);
        assertThat(told.eventsOf(TaskRunEvent.SUCCEEDED).get(0).text(EventField.INSTRUMENT))
                .contains("github");
    }

    @Test
    void aTaskWhoseBodyThrowsFailsAndRethrows() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.execute(id, "w1", scope -> {
            assertThatThrownBy(() -> scope.task("score", task -> {
                        task.result(TaskRun.Result.tool(3, 120));
                        throw new IllegalStateException("boom");
                    }))
                    .hasMessage("boom");
            return RunOutcome.failed("the score is missing");
        });
        LedgerEvent failed = told.eventsOf(TaskRunEvent.FAILED).get(0);
        assertThat(failed.number(EventField.EXIT_CODE)).contains(3L);
        assertThat(failed.number(EventField.OUTPUT_BYTES)).contains(120L);
        assertThat(told.eventsOf(WorkflowRunEvent.FAILED).get(0).level()).isEqualTo(Level.WARN);
    }

    @Test
    void aTaskOfARunThatEndedCannotStart() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.execute(id, "w1", scope -> {
            ledger.cancel(id, "enough");
            assertThatThrownBy(() -> scope.task("late", task -> "never"))
                    .isInstanceOf(RejectedException.class)
                    .hasMessageContaining("CANCELLED");
            return RunOutcome.succeeded();
        });
        assertThat(told.eventsOf(TaskRunEvent.STARTED)).isEmpty();
    }

    // ---- payloads

    @Test
    void aPayloadIsRedactedAndALargeOneIsKeptElsewhereWhole(@TempDir Path folder) {
        Ledger keeping = Ledger.builder()
                .events(events)
                .payloadStore(PayloadStore.inFolder(folder))
                .build();
        String large = "{\"password\":\"hunter2\",\"text\":\"" + "x".repeat(20_000) + "\"}";
        Payload kept = payloadOf(keeping, large);
        assertThat(kept.json()).isNull();
        assertThat(kept.reference()).startsWith("res://sha-256/");
        assertThat(keeping.payload(kept).orElseThrow())
                .startsWith("{\"password\":\"[redacted]\"")
                .hasSize((int) kept.size());
        assertThat(payloadOf(keeping, "{\"a\":1}").json()).isEqualTo("{\"a\":1}");
    }

    @Test
    void withoutAPayloadStoreTheRowKeepsAHeadItsSizeAndItsDigest() {
        Payload kept = payloadOf(ledger, "{\"text\":\"" + "ü".repeat(20_000) + "\"}");
        assertThat(kept.truncated()).isTrue();
        assertThat(kept.size()).isEqualTo(40_011);
        assertThat(kept.digest()).startsWith("sha-256:").hasSize(72);
        assertThat(kept.json()).startsWith("{\"text\":\"üü").hasSizeLessThan(16_384);
        assertThat(ledger.payload(kept)).isEmpty();
    }

    @Test
    void aPayloadThatIsNoJsonIsRefusedBeforeAnythingIsStored() {
        assertThatThrownBy(() -> payloadOf(ledger, "{\"token\": oops}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("payload is not JSON")
                .hasMessageContaining("line 1")
                .hasMessageNotContaining("oops");
        assertThat(told.events()).isEmpty();
    }

    private static Payload payloadOf(Ledger ledger, String json) {
        NewRun run = NewRun.of("review").trigger(Trigger.of("push").payload(Payload.json(json)));
        return ledger.dispatch(run).orElseThrow().request().trigger().payload();
    }

    // ---- await

    @Test
    void awaitTellsHowItEnded() throws Exception {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        assertThat(ledger.await(id, new Polling(Duration.ofMillis(1), 2, Duration.ofMillis(4), Duration.ofMillis(20))))
                .isEmpty();
        LedgerEvent timeout = told.eventsOf(WorkflowRunEvent.AWAITED).get(0);
        assertThat(timeout.text(EventField.OUTCOME)).contains("timeout");
        assertThat(timeout.number(EventField.POLLS).orElseThrow()).isGreaterThan(2);
        ledger.cancel(id, "enough");
        assertThat(ledger.await(id, ChronoUnit.FOREVER.getDuration()))
                .map(WorkflowRun::state)
                .contains(RunState.CANCELLED);
        assertThat(told.eventsOf(WorkflowRunEvent.AWAITED).get(1).text(EventField.OUTCOME))
                .contains("completed");
        assertThatThrownBy(() -> ledger.await(RunId.of("nobody"), Duration.ofSeconds(1)))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("nobody");
        Thread.currentThread().interrupt();
        RunId other = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        assertThatThrownBy(() -> ledger.await(other, Duration.ofSeconds(1))).isInstanceOf(InterruptedException.class);
        assertThat(told.eventsOf(WorkflowRunEvent.AWAITED).get(2).text(EventField.OUTCOME))
                .contains("error");
    }

    // ---- clocks, names, limits

    @Test
    void aFailureThatAHostDescribesItselfIsCleanedBeforeItIsStored() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.fail(
                id,
                new Failure(
                        "broken", Failure.Category.UNKNOWN, false, "py.Error", "password=hunter2\n", "at\nline", null));
        Failure kept = ledger.history().run(id).orElseThrow().failure();
        assertThat(kept.errorMessage()).isEqualTo("password=[redacted] ");
        assertThat(kept.errorStack()).isEqualTo("at line");
    }

    @Test
    void whatIsCutSaysSoWhereItIsToldAndWhereItIsStored() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.cancel(id, "because ".repeat(1000));
        LedgerEvent cancelled = told.eventsOf(WorkflowRunEvent.CANCELLED).get(0);
        assertThat(cancelled.fields()).containsEntry("truncated", true);
        assertThat(cancelled.text(EventField.REASON).orElseThrow())
                .hasSize(2048)
                .endsWith("\u2026");
        assertThat(ledger.history().events(id).get(1).fields()).isEqualTo(cancelled.fields());
        assertThat(events.counters().truncations()).isEqualTo(1);
    }

    @Test
    void noDurationIsNegativeWhenTheClockStepsBack() {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        clock.advance(Duration.ofHours(-1));
        ledger.start(id, "w1");
        clock.advance(Duration.ofHours(-1));
        ledger.suspend(id, Wait.of(Wait.Code.WAIT));
        clock.advance(Duration.ofHours(-1));
        ledger.resume(id, Resumption.of());
        clock.advance(Duration.ofHours(-1));
        ledger.succeed(id);
        for (EventField duration : List.of(EventField.DURATION_MS, EventField.QUEUE_WAIT_MS, EventField.SUSPENDED_MS)) {
            assertThat(told.eventsOf(WorkflowRunEvent.SUCCEEDED).get(0).number(duration))
                    .contains(0L);
        }
    }

    @Test
    void badNamesAreRefusedWhereTheyComeInAndNamed() {
        assertThatThrownBy(() -> NewRun.of(" ")).hasMessageContaining("workflowName is blank");
        assertThatThrownBy(() -> NewRun.builder("a").target("x\ny")).hasMessageContaining("U+000A at position 1");
        assertThatThrownBy(() -> RunId.of("a b")).hasMessageContaining("'a b'");
        assertThatThrownBy(() -> ledger.start(RunId.of("a"), "")).hasMessageContaining("worker is ''");
        assertThatThrownBy(() -> ledger.withFields(EventFields.of().put("durationMs", 3)))
                .hasMessageContaining("durationMs");
        assertThatThrownBy(() -> ledger.withFields(EventFields.of().put("message", "x")))
                .hasMessageContaining("message");
        assertThatThrownBy(() -> ledger.withTransitionId("")).hasMessageContaining("transitionId");
        assertThatThrownBy(() -> Limits.standard().fields(3)).hasMessageContaining("fields is 3");
        assertThatThrownBy(() -> NewRun.of("a").oncePerDelivery(true)).hasMessageContaining("deliveryId");
    }

    @ParameterizedTest
    @ValueSource(strings = {"password=hunter2", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"})
    void aNameThatShowsASecretIsRefusedAndNotRepeated(String secret) {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.start(id, "worker-1").orElseThrow();
        NewRun.Builder run = NewRun.builder("review");
        Map<String, ThrowingCallable> calls = Map.of(
                "workflowName", () -> ledger.dispatch(NewRun.of(secret)),
                "project", () -> ledger.dispatch(run.project(secret).build()),
                "taskQueue", () -> ledger.handOff(id, NewRun.of("fix").taskQueue(secret)),
                "workflowVersion", () -> ledger.refuse(NewRun.of("fix").workflowVersion(secret), "no"),
                "taskName", () -> ledger.tasks().start(id, NewTask.of(secret)),
                "verb", () -> ledger.tasks().skip(id, NewTask.of("fetch").verb(secret), "no"),
                "instrument", () -> ledger.tasks().start(id, NewTask.of("fetch").instrument(secret)),
                "correlationKey",
                        () -> ledger.suspend(id, Wait.of(Wait.Code.CALLBACK).correlationKey(secret)));
        calls.forEach((what, call) -> assertThatThrownBy(call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(what + " is '")
                .hasMessageContaining("[redacted]")
                .hasMessageNotContainingAny("hunter2", "ghp_"));
        assertThat(ledger.history().events(id)).hasSize(2);
    }

    @Test
    void aNameThatSoundsLikeASecretAndIsNoneCanBeOpened() {
        assertThatThrownBy(() -> ledger.dispatch(NewRun.of("token:refresh"))).hasMessageContaining("openName");
        try (WorkflowRunEvents opened = WorkflowRunEvents.builder()
                .redactor(Redactor.builder().openName("token").build())
                .build()) {
            Ledger open = Ledger.builder().events(opened).build();
            assertThat(open.dispatch(NewRun.of("token:refresh"))).isInstanceOf(Dispatch.Queued.class);
        }
    }

    @Test
    void whatACarrierCapturedAndWhatATaskMayDoIsKeptWithoutSecrets() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        NewRun run = NewRun.of("review")
                .context(
                        Map.of("traceparent", trace, "baggage", "user=1,password=hunter2", "authorization", "hunter2"));
        WorkflowRun queued = ledger.dispatch(run).orElseThrow();
        assertThat(queued.request().context())
                .containsEntry("traceparent", trace)
                .containsEntry("baggage", "user=1,password=[redacted]")
                .containsEntry("authorization", "[redacted]");
        TaskRun task = ledger.tasks()
                .start(
                        queued.id(),
                        NewTask.of("build", NewTask.Kind.TOOL).permissions(Set.of("read", "push:token=hunter2")))
                .orElseThrow();
        assertThat(task.request().permissions()).containsExactlyInAnyOrder("read", "push:token=[redacted]");
    }

    /** The last digit of the second is the check digit that a card number would have. */
    @ParameterizedTest
    @ValueSource(strings = {"5678901234515", "5678901234516", "5678901234524"})
    void aLongNumberIsAnIdLikeAnyOther(String number) {
        NewRun run = NewRun.of("import")
                .project(number)
                .target("shop/orders/" + number)
                .trigger(Trigger.of("webhook").deliveryId(number))
                .oncePerDelivery(true);
        WorkflowRun queued = ledger.withTransitionId(number).dispatch(run).orElseThrow();
        ledger.start(queued.id(), number).orElseThrow();
        assertThat(queued.request().deliveryId()).isEqualTo(number);
        assertThat(queued.request().target()).isEqualTo(Target.of("shop/orders/" + number));
        assertThat(told.eventsOf(queued.id()).get(1).fields())
                .containsEntry("project", number)
                .containsEntry("target", "shop/orders/" + number)
                .containsEntry("deliveryId", number)
                .containsEntry("workerId", number);
    }

    @Test
    void onlyTheNewestEndedRunsAreKept() {
        RunStore store = RunStore.inMemory(clock, 3);
        Ledger small = Ledger.builder().store(store).events(events).build();
        List<RunId> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            RunId id = small.dispatch(NewRun.of("review").target("t" + i))
                    .orElseThrow()
                    .id();
            small.execute(id, "w", scope -> {
                scope.task("work", task -> 1);
                return RunOutcome.succeeded();
            });
            ids.add(id);
        }
        assertThat(ids.stream().filter(id -> store.history().run(id).isPresent()))
                .containsExactlyElementsOf(ids.subList(2, 5));
    }
}
