package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.CallOutcome.RejectedException;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewRun.Channel;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Dispatches, refusals, and what comes of a run that the queue does not take. */
class DispatchTest {
    private final Recorder recorder = new Recorder();
    private RunQueue queue = run -> {};
    private final Ledger ledger =
            Ledger.builder().sink(recorder).queue(run -> queue.enqueue(run)).build();

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void aRefusalHasNoRunIdAndNamesTheRunInTheWay() {
        RunId first = ledger.dispatch(NewRun.of("review").target("pr-1"))
                .orElseThrow()
                .id();
        Dispatch second = ledger.dispatch(NewRun.of("review").target("pr-1"));
        assertThat(second).isInstanceOf(Dispatch.Refused.class);
        LedgerEvent refused = recorder.only(WorkflowRunEvent.DISPATCH_REFUSED);
        assertThat(refused.get(EventField.RUN_ID)).isEmpty();
        assertThat(refused.text(EventField.IN_FLIGHT_RUN_ID)).contains(first.value());
        assertThat(refused.text(EventField.REASON_CODE)).contains("in_flight");
        assertThat(ledger.history().refusals(10)).containsExactly(refused);
        assertThatThrownBy(second::orElseThrow)
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining(first.value());
    }

    @Test
    void anApplicationMayRefuseARunForItsOwnReasons() {
        Dispatch.Refused refusal = ledger.refuse(
                NewRun.of("review").id(RunId.of("r")).channel(Channel.DRAFT), "the repository is archived");
        assertThat(refusal.code()).isEqualTo(Dispatch.RefusalCode.OTHER);
        LedgerEvent refused = recorder.only(WorkflowRunEvent.DISPATCH_REFUSED);
        assertThat(refused.text(EventField.REASON)).contains("the repository is archived");
        assertThat(refused.text(EventField.CHANNEL)).contains("draft");
        assertThat(refused.get(EventField.RUN_ID)).isEmpty();
    }

    @Test
    void aQueueThatThrowsFailsTheRunAsEnqueueFailed() {
        IllegalStateException full = new IllegalStateException("queue full");
        queue = run -> {
            throw full;
        };
        Dispatch dispatch = ledger.dispatch(NewRun.of("review"), CallOptions.idempotencyKey("message-1"));
        assertThat(dispatch).isInstanceOf(Dispatch.EnqueueFailed.class);
        WorkflowRun run = ((Dispatch.EnqueueFailed) dispatch).run();
        assertThat(run.state()).isEqualTo(RunState.FAILED);
        LedgerEvent failed = recorder.only(WorkflowRunEvent.ENQUEUE_FAILED);
        assertThat(failed.level()).isEqualTo(Level.ERROR);
        assertThat(failed.cause()).containsSame(full);
        assertThat(recorder.eventsOf(WorkflowRunEvent.COMPLETED)).hasSize(1);
    }

    @Test
    void aQueueThatThrowsAfterAWorkerTookTheRunLosesToTheWorker() {
        queue = run -> {
            ledger.start(run.id(), "w1").orElseThrow();
            throw new IllegalStateException("connection reset after the message was taken");
        };
        Dispatch dispatch = ledger.dispatch(NewRun.of("review"));
        assertThat(dispatch).isInstanceOf(Dispatch.Queued.class);
        assertThat(dispatch.orElseThrow().state()).isEqualTo(RunState.RUNNING);
        assertThat(recorder.eventsOf(WorkflowRunEvent.ENQUEUE_FAILED)).isEmpty();
    }

    @Test
    void anErrorOfTheQueueFailsTheRunAndIsRethrown() {
        Error broken = new StackOverflowError();
        queue = run -> {
            throw broken;
        };
        assertThatThrownBy(() -> ledger.dispatch(NewRun.of("review"))).isSameAs(broken);
        assertThat(recorder.eventsOf(WorkflowRunEvent.ENQUEUE_FAILED)).hasSize(1);
    }

    @Test
    void anInterruptedQueueLeavesTheThreadInterrupted() {
        queue = run -> {
            throw new InterruptedException();
        };
        assertThat(ledger.dispatch(NewRun.of("review"))).isInstanceOf(Dispatch.EnqueueFailed.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    // ---- many at once

    private static List<NewRun> runs(int many) {
        return IntStream.range(0, many)
                .mapToObj(i -> NewRun.of("import").id(RunId.of("r" + i)).target("file " + i))
                .toList();
    }

    @Test
    void manyRunsAreDispatchedInTheirOrderEachWithItsEventAndItsHandOver() {
        List<RunId> enqueued = new ArrayList<>();
        queue = run -> enqueued.add(run.id());
        List<NewRun> runs = runs(1_500);
        List<RunId> ids = runs.stream().map(run -> run.id().orElseThrow()).toList();
        List<Dispatch> dispatches = ledger.dispatchAll(runs);
        assertThat(dispatches).allSatisfy(each -> assertThat(each).isInstanceOf(Dispatch.Queued.class));
        assertThat(dispatches).extracting(each -> each.orElseThrow().id()).isEqualTo(ids);
        assertThat(enqueued).isEqualTo(ids);
        assertThat(recorder.eventsOf(WorkflowRunEvent.QUEUED)).hasSize(runs.size());
        assertThat(ledger.dispatchAll(runs)).hasOnlyElementsOfType(Dispatch.AlreadyQueued.class);
        assertThat(recorder.eventsOf(WorkflowRunEvent.QUEUED)).hasSize(runs.size());
        assertThat(ledger.dispatchAll(List.of())).isEmpty();
    }

    @Test
    void ofManyRunsARefusedOneLeavesTheOthersAsTheyAre() {
        NewRun first = NewRun.of("review").target("pr-1");
        List<Dispatch> dispatches =
                ledger.dispatchAll(List.of(first, first, NewRun.of("review").target("pr-2")));
        assertThat(dispatches.get(0)).isInstanceOf(Dispatch.Queued.class);
        assertThat(dispatches.get(1)).isInstanceOf(Dispatch.Refused.class);
        assertThat(dispatches.get(2)).isInstanceOf(Dispatch.Queued.class);
        assertThat(recorder.names())
                .containsExactly("workflow.run.queued", "workflow.run.dispatch_refused", "workflow.run.queued");
    }

    @Test
    void ofManyRunsNoneIsStoredIfOneDoesNotFit() {
        List<NewRun> runs = List.of(
                NewRun.of("import").id(RunId.of("a")),
                NewRun.of("import").id(RunId.of("b")).oncePerDelivery(true));
        assertThatThrownBy(() -> ledger.dispatchAll(runs)).isInstanceOf(IllegalArgumentException.class);
        assertThat(ledger.history().state(RunId.of("a"))).isEmpty();
        assertThat(recorder.events()).isEmpty();
    }

    @Test
    void ofManyRunsEachThatIsStoredHasItsEventWhateverIsThrown() {
        queue = run -> {
            if (run.id().value().equals("r1")) {
                throw new StackOverflowError();
            }
        };
        assertThatThrownBy(() -> ledger.dispatchAll(runs(4))).isInstanceOf(StackOverflowError.class);
        assertThat(recorder.eventsOf(WorkflowRunEvent.QUEUED)).hasSize(4);
        assertThat(recorder.only(WorkflowRunEvent.ENQUEUE_FAILED).text(EventField.RUN_ID))
                .contains("r1");
    }
}
