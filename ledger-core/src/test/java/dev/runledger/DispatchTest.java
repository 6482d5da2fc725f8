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
}
