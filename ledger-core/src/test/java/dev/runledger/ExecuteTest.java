package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.context.ContextCarrier;
import dev.runledger.context.ExecutionInterceptor;
import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/** The events, the owner and the context of a run that {@code execute} takes. */
class ExecuteTest {
    private final Recorder recorder = new Recorder();
    private final Ledger ledger = Ledger.builder().sink(recorder).build();
    private final RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();

    @AfterEach
    void close() {
        ledger.close();
        MDC.clear();
    }

    @Test
    void whatTheHandlerThrowsIsEmittedAsUncaught() {
        Exception thrown = new Exception("boom");
        assertThatThrownBy(() -> ledger.execute(id, "w1", scope -> {
                    throw thrown;
                }))
                .isSameAs(thrown);
        LedgerEvent failed = recorder.only(WorkflowRunEvent.FAILED);
        assertThat(failed.level()).isEqualTo(Level.ERROR);
        assertThat(failed.get(EventField.UNCAUGHT)).contains(true);
        assertThat(failed.cause()).containsSame(thrown);
        assertThat(failed.text(EventField.ERROR_CLASS)).contains("java.lang.Exception");
    }

    @Test
    void anOutcomeThatCannotBeKeptFailsTheRunLikeAHandlerThatThrew() {
        NewRun child = NewRun.of("fix").trigger(Trigger.of("push").payload(Payload.json("no JSON")));
        assertThatThrownBy(() -> ledger.execute(id, "worker-1", scope -> RunOutcome.handedOff(child)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ledger.history().state(id)).contains(RunState.FAILED);
        assertThat(recorder.only(WorkflowRunEvent.FAILED).fields()).containsEntry("uncaught", true);
    }

    /** Throws what no store should throw, once it is broken. */
    private static final class Breakable implements RunStore {
        private final RunStore store = RunStore.inMemory();
        private boolean broken;

        @Override
        public <O extends CallOutcome> O apply(StoreCommand<O> command) {
            if (broken) {
                throw new IllegalStateException("the store is gone");
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

    @Test
    void whatTheStoreThrowsIsSuppressedByWhatTheHandlerThrew() {
        Breakable store = new Breakable();
        try (Ledger fragile = Ledger.builder().store(store).sink(recorder).build()) {
            RunId run = fragile.dispatch(NewRun.of("review")).orElseThrow().id();
            assertThatThrownBy(() -> fragile.execute(run, "w1", scope -> {
                        store.broken = true;
                        throw new IllegalArgumentException("boom");
                    }))
                    .hasMessage("boom")
                    .satisfies(thrown -> assertThat(thrown.getSuppressed())
                            .extracting(Throwable::getMessage)
                            .containsExactly("the store is gone"));
            assertThat(fragile.calls().get(StoreCommand.Call.FAIL)).containsEntry(CallOutcome.Result.ERROR, 1L);
            assertThatThrownBy(() -> fragile.cancel(run, "x"))
                    .as("state is loud")
                    .hasMessage("the store is gone");
        }
    }

    // ---- ownership

    @Test
    void theHandlerRunsOnlyIfTheStartOrTheClaimWasApplied() {
        List<String> ran = new ArrayList<>();
        ledger.execute(id, "w1", scope -> {
                    ran.add("first");
                    return RunOutcome.suspended(Wait.of(Wait.Code.CALLBACK));
                })
                .orElseThrow();
        assertThat(ledger.execute(id, "w2", scope -> RunOutcome.succeeded())).isInstanceOf(Transition.Rejected.class);
        ledger.resume(id, Resumption.of()).orElseThrow();
        Transition end = ledger.execute(id, "w2", scope -> {
            ran.add("second");
            return RunOutcome.succeeded();
        });
        assertThat(end.orElseThrow().state()).isEqualTo(RunState.SUCCEEDED);
        assertThat(ran).containsExactly("first", "second");
        assertThat(recorder.eventsOf(WorkflowRunEvent.RUNNING))
                .as("a claim has no event")
                .hasSize(1);
    }

    @Test
    void anOwnerWhoLostTheRunCannotEndIt() {
        Transition end = ledger.execute(id, "w1", scope -> {
            ledger.suspend(id, Wait.of(Wait.Code.WAIT)).orElseThrow();
            ledger.resume(id, Resumption.of()).orElseThrow();
            return RunOutcome.succeeded();
        });
        assertThat(end).isInstanceOf(Transition.Rejected.class);
        assertThat(ledger.history().state(id)).contains(RunState.RUNNING);
    }

    @Test
    void aHandlerSeesThatItsRunWasCancelled() {
        Transition end = ledger.execute(id, "w1", scope -> {
            assertThat(scope.isCancelled()).isFalse();
            ledger.cancel(id, "enough").orElseThrow();
            assertThat(scope.isCancelled()).isTrue();
            return RunOutcome.incomplete("stopped half way");
        });
        assertThat(((Transition.Rejected) end).state()).isEqualTo(RunState.CANCELLED);
    }

    // ---- context

    @Test
    void theMdcNamesTheRunInsideAndIsAsBeforeAfterwards() {
        try (Ledger carrying = Ledger.builder()
                .sink(recorder)
                .carrier(ContextCarrier.mdc())
                .carrier(new BrokenCarrier())
                .interceptor(new BrokenInterceptor())
                .build()) {
            RunId run = carrying.dispatch(NewRun.of("review").target("pr-1"))
                    .orElseThrow()
                    .id();
            MDC.put("runId", "of the application");
            MDC.put("user", "ada");
            Map<String, String> before = MDC.getCopyOfContextMap();
            carrying.execute(run, "w1", scope -> {
                        assertThat(MDC.getCopyOfContextMap())
                                .containsEntry("runId", run.value())
                                .containsEntry("target", "pr-1")
                                .containsEntry("user", "ada");
                        String prepared = scope.task("ask", task -> task.prepare(ready -> MDC.get("runId")));
                        assertThat(prepared).isEqualTo(run.value());
                        return RunOutcome.succeeded();
                    })
                    .orElseThrow();
            assertThat(MDC.getCopyOfContextMap()).isEqualTo(before);
            assertThat(carrying.events().counters().surroundingFailures()).isPositive();
        }
    }

    /** Throws whatever it is asked. */
    private static final class BrokenCarrier implements ContextCarrier {
        @Override
        public Map<String, String> capture() {
            throw new IllegalStateException("broken");
        }

        @Override
        public Scope restore(WorkflowRun run) {
            throw new IllegalStateException("broken");
        }
    }

    /** Throws whatever it is asked. */
    private static final class BrokenInterceptor implements ExecutionInterceptor {
        @Override
        public ContextCarrier.Scope aroundRun(WorkflowRun run) {
            throw new IllegalStateException("broken");
        }

        @Override
        public ContextCarrier.Scope aroundTask(WorkflowRun run, TaskRun task) {
            throw new IllegalStateException("broken");
        }

        @Override
        public ContextCarrier.Scope aroundPreparation(WorkflowRun run, TaskRun task) {
            throw new IllegalStateException("broken");
        }
    }
}
