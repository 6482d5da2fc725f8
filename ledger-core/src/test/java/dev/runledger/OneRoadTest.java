package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.context.ContextCarrier;
import dev.runledger.context.ExecutionInterceptor;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.EventSink;
import dev.runledger.state.RunState;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every change takes one road: a command is prepared, stored once, counted once, and its event offered once to each sink. */
class OneRoadTest {
    /** Counts how often it is asked whether it wants an event, and which events it gets. */
    private static final class Asked implements EventSink {
        private final Map<EventType, Integer> asked = new HashMap<>();
        private final List<EventType> got = new ArrayList<>();

        @Override
        public Delivery delivery() {
            return Delivery.INLINE;
        }

        @Override
        public boolean wants(EventType type) {
            asked.merge(type, 1, Integer::sum);
            return type != WorkflowRunEvent.RUNNING;
        }

        @Override
        public void accept(LedgerEvent event) {
            got.add(event.type());
        }
    }

    /** Lets commands through to a store in memory, and remembers them and what is read. */
    private static final class Watched implements RunStore {
        private final RunStore store = RunStore.inMemory();
        private final List<StoreCommand.Call> commands = new ArrayList<>();
        private final List<String> reads = new ArrayList<>();

        @Override
        public <O extends CallOutcome> O apply(StoreCommand<O> command) {
            commands.add(command.call());
            return store.apply(command);
        }

        @Override
        public byte[] identityKey() {
            return store.identityKey();
        }

        @Override
        public RunHistory history() {
            return (RunHistory) Proxy.newProxyInstance(
                    RunHistory.class.getClassLoader(),
                    new Class<?>[] {RunHistory.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("within")) {
                            return proxy;
                        }
                        reads.add(method.getName());
                        try {
                            return method.invoke(store.history(), arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    });
        }
    }

    private final Watched store = new Watched();
    private final Asked first = new Asked();
    private final Asked second = new Asked();

    private Ledger ledger() {
        return Ledger.builder().store(store).sink(first).sink(second).build();
    }

    private static RunId dispatched(Ledger ledger) {
        return ledger.dispatch(NewRun.of("review").target("acme/app#42"))
                .orElseThrow()
                .id();
    }

    @Test
    void eachSinkIsAskedOnceForEachEvent() {
        try (Ledger ledger = ledger()) {
            RunId id = dispatched(ledger);
            Transition end = ledger.execute(id, "worker-1", scope -> {
                scope.task("read", task -> 1);
                return RunOutcome.succeeded();
            });
            assertThat(end.isApplied()).isTrue();
        }
        for (Asked sink : List.of(first, second)) {
            assertThat(sink.asked)
                    .containsOnlyKeys(
                            WorkflowRunEvent.QUEUED,
                            WorkflowRunEvent.RUNNING,
                            TaskRunEvent.STARTED,
                            TaskRunEvent.SUCCEEDED,
                            WorkflowRunEvent.SUCCEEDED,
                            WorkflowRunEvent.COMPLETED)
                    .allSatisfy((type, times) ->
                            assertThat(times).as(type.eventName()).isEqualTo(1));
            assertThat(sink.got)
                    .containsExactly(
                            WorkflowRunEvent.QUEUED,
                            TaskRunEvent.STARTED,
                            TaskRunEvent.SUCCEEDED,
                            WorkflowRunEvent.SUCCEEDED,
                            WorkflowRunEvent.COMPLETED);
        }
    }

    @Test
    void eachCallIsOneCommandAndCountedOnce() {
        try (Ledger ledger = ledger()) {
            RunId id = dispatched(ledger);
            assertThat(ledger.start(id, "worker-1").isApplied()).isTrue();
            assertThat(ledger.start(id, "worker-2").isApplied()).isFalse();
            assertThat(ledger.succeed(RunId.of("nobody")).isApplied()).isFalse();
            assertThat(ledger.succeed(id).isApplied()).isTrue();
            assertThat(store.commands)
                    .containsExactly(
                            StoreCommand.Call.DISPATCH,
                            StoreCommand.Call.START,
                            StoreCommand.Call.START,
                            StoreCommand.Call.SUCCEED,
                            StoreCommand.Call.SUCCEED);
            assertThat(ledger.calls())
                    .containsOnly(
                            Map.entry(StoreCommand.Call.DISPATCH, Map.of(CallOutcome.Result.APPLIED, 1L)),
                            Map.entry(
                                    StoreCommand.Call.START,
                                    Map.of(CallOutcome.Result.APPLIED, 1L, CallOutcome.Result.REJECTED, 1L)),
                            Map.entry(
                                    StoreCommand.Call.SUCCEED,
                                    Map.of(CallOutcome.Result.APPLIED, 1L, CallOutcome.Result.NOT_FOUND, 1L)));
        }
    }

    @Test
    void aPollReadsAStateAndNoRow() throws Exception {
        try (Ledger ledger = ledger()) {
            RunId id = dispatched(ledger);
            assertThat(ledger.await(id, Duration.ofMillis(200))).isEmpty();
            assertThat(store.reads.stream().filter("run"::equals))
                    .as("the run is read at the first look")
                    .hasSize(1);
            assertThat(store.reads.stream().filter("state"::equals))
                    .as("and its state after it")
                    .isNotEmpty();
            store.reads.clear();
            Transition end = ledger.execute(id, "worker-1", scope -> {
                assertThat(scope.isCancelled()).isFalse();
                return RunOutcome.succeeded();
            });
            assertThat(end.isApplied()).isTrue();
            assertThat(store.reads).containsExactly("state");
        }
    }

    @Test
    void aPluginInstallsAllOfItsParts() {
        List<String> calls = new ArrayList<>();
        LedgerPlugin plugin = installation -> installation
                .sink(EventSink.inline(event -> calls.add(event.eventName())))
                .carrier(new ContextCarrier() {
                    @Override
                    public Map<String, String> capture() {
                        return Map.of("x.trace", "t-1");
                    }

                    @Override
                    public Scope restore(WorkflowRun run) {
                        calls.add("restored " + run.request().context());
                        return () -> calls.add("put back");
                    }
                })
                .interceptor(new ExecutionInterceptor() {
                    @Override
                    public ContextCarrier.Scope aroundRun(WorkflowRun run) {
                        calls.add("around " + run.state());
                        return () -> calls.add("left");
                    }
                });
        try (Ledger ledger = Ledger.builder().store(store).install(plugin).build()) {
            RunId id = dispatched(ledger);
            assertThat(ledger.execute(id, "worker-1", scope -> RunOutcome.succeeded())
                            .isApplied())
                    .isTrue();
        }
        assertThat(calls)
                .containsExactly(
                        "workflow.run.queued",
                        "workflow.run.running",
                        "restored {x.trace=t-1}",
                        "around " + RunState.RUNNING,
                        "workflow.run.succeeded",
                        "workflow.run.completed",
                        "left",
                        "put back");
    }

    @Test
    void aClosedLedgerDeliversNothingMoreToQueuedSinks() {
        List<String> got = new ArrayList<>();
        Ledger ledger = Ledger.builder()
                .store(store)
                .sink(event -> got.add(event.eventName()))
                .build();
        RunId id = dispatched(ledger);
        ledger.close();
        assertThat(got).containsExactly("workflow.run.queued");
        assertThat(ledger.cancel(id, "late").isApplied())
                .as("the state is still the store's")
                .isTrue();
        assertThat(got).hasSize(1);
        assertThat(ledger.events().counters().sinks().get(0).dropped()).isEqualTo(2);
    }
}
