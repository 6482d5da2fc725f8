package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.history.RunQuery;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.sink.EventSink;
import dev.runledger.state.RunState;
import dev.runledger.store.RunStore;
import dev.runledger.store.RunStore.Pending;
import dev.runledger.store.RunStore.UnitOfWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that join a transaction of the application: events and the queue wait for the commit. */
class UnitOfWorkTest {
    /** Ends as the test says. What it stores stays, which a test of a real store would not see. */
    private static final class Unit implements UnitOfWork {
        private final RunStore store;
        private final List<Pending> pending = new ArrayList<>();

        Unit(RunStore store) {
            this.store = store;
        }

        @Override
        public RunStore store() {
            return store;
        }

        @Override
        public RunStore storeAfterCommit() {
            return store;
        }

        @Override
        public void afterCommit(Pending each) {
            pending.add(each);
        }

        void commit() {
            for (int i = 0; i < pending.size(); i++) {
                pending.get(i).emit(i);
            }
        }

        void rollback() {
            pending.forEach(Pending::drop);
        }
    }

    private final Recorder recorder = new Recorder();
    private final List<RunId> enqueued = new ArrayList<>();
    private RunQueue queue = run -> enqueued.add(run.id());
    private final RunStore store = RunStore.inMemory();
    private final Unit unit = new Unit(store);
    private final Ledger ledger = Ledger.builder()
            .store(store)
            .sink(recorder)
            .queue(run -> queue.enqueue(run))
            .build();

    @AfterEach
    void close() {
        ledger.close();
    }

    private RunId dispatchedInside() {
        Dispatch dispatch = ledger.in(unit).dispatch(NewRun.of("import"));
        assertThat(dispatch).isInstanceOf(Dispatch.Queued.class);
        return dispatch.orElseThrow().id();
    }

    @Test
    void eventsAndTheQueueWaitForTheCommit() {
        RunId id = dispatchedInside();
        assertThat(ledger.in(unit).history().state(id)).contains(RunState.QUEUED);
        assertThat(recorder.events()).isEmpty();
        assertThat(enqueued).isEmpty();
        assertThat(unit.pending).extracting(Pending::eventId).containsOnly(id + ":1");
        unit.commit();
        assertThat(recorder.names()).containsExactly("workflow.run.queued");
        assertThat(enqueued).containsExactly(id);
    }

    @Test
    void theEventsOfALargeTransactionWaitForRoomInAQueue() {
        AtomicInteger taken = new AtomicInteger();
        EventSink slow = EventSink.queued(event -> taken.incrementAndGet(), 400);
        try (Ledger large = Ledger.builder().store(store).sink(slow).build()) {
            List<NewRun> runs =
                    IntStream.range(0, 5_000).mapToObj(i -> NewRun.of("import")).toList();
            assertThat(large.in(unit).dispatchAll(runs)).hasSize(runs.size());
            unit.commit();
            assertThat(large.events().flush(Duration.ofSeconds(30))).isTrue();
            assertThat(taken).hasValue(runs.size());
        }
    }

    @Test
    void theEchoWaitsToo() {
        RunId id = ledger.dispatch(NewRun.of("import")).orElseThrow().id();
        ledger.in(unit).cancel(id, "called off").orElseThrow();
        assertThat(recorder.eventsOf(WorkflowRunEvent.CANCELLED)).isEmpty();
        unit.commit();
        assertThat(recorder.names())
                .containsExactly("workflow.run.queued", "workflow.run.cancelled", "workflow.run.completed");
    }

    @Test
    void aRefusalWaitsToo() {
        ledger.dispatch(NewRun.of("import").target("a")).orElseThrow();
        assertThat(ledger.in(unit).dispatch(NewRun.of("import").target("a"))).isInstanceOf(Dispatch.Refused.class);
        assertThat(recorder.eventsOf(WorkflowRunEvent.DISPATCH_REFUSED)).isEmpty();
        unit.commit();
        assertThat(recorder.eventsOf(WorkflowRunEvent.DISPATCH_REFUSED)).hasSize(1);
    }

    @Test
    void whatIsRolledBackIsCountedAndNeitherEmittedNorEnqueued() {
        dispatchedInside();
        unit.rollback();
        assertThat(recorder.events()).isEmpty();
        assertThat(enqueued).isEmpty();
        assertThat(ledger.events().counters().rolledBack()).isEqualTo(1);
    }

    @Test
    void nothingThatTheQueueThrowsReachesTheCommit() {
        for (Throwable thrown : List.of(new IllegalStateException("full"), new StackOverflowError())) {
            queue = run -> {
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (Exception) thrown;
            };
            unit.pending.clear();
            RunId id = dispatchedInside();
            unit.commit();
            assertThat(ledger.history().state(id)).contains(RunState.FAILED);
        }
        assertThat(recorder.eventsOf(WorkflowRunEvent.ENQUEUE_FAILED)).hasSize(2);
    }

    @Test
    void aUnitThatAnotherStoreMadeIsRefused() {
        RunStore other = RunStore.inMemory();
        assertThatThrownBy(() -> ledger.in(new Unit(other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the unit of work was made by another store: expected one that the store of this ledger made");
        assertThat(other.history().page(RunQuery.all()).runs()).isEmpty();
        assertThat(store.history().page(RunQuery.all()).runs()).isEmpty();
    }

    @Test
    void whatMayRunLongIsNotForTheInsideOfATransaction() {
        RunId id = dispatchedInside();
        Ledger inside = ledger.in(unit);
        assertThatThrownBy(() -> inside.execute(id, "w", scope -> RunOutcome.succeeded()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("execute was called inside a unit of work");
        assertThatThrownBy(() -> inside.await(id, Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("await was called inside a unit of work");
    }
}
