package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.Ledger;
import dev.runledger.RunQueue;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.EventSink;
import dev.runledger.state.RunState;
import dev.runledger.store.RunStore.UnitOfWork;
import dev.runledger.testkit.RecordingSink;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Calls that join a transaction: committed and rolled back with it, their events emitted after it, and no danger to it. */
@ParameterizedClass
@MethodSource("dev.runledger.jdbi.TestDatabase#each")
class UnitOfWorkTest {
    private final TestDatabase database;
    private final Jdbi jdbi;
    private final RecordingSink recorder = new RecordingSink();
    private JdbiRunStore store;
    private Ledger ledger;

    UnitOfWorkTest(TestDatabase database) {
        this.database = database;
        this.jdbi = Jdbi.create(database.pool());
    }

    @BeforeEach
    void open() {
        store = database.store();
        ledger = ledgerWith(run -> {});
        jdbi.useHandle(handle -> handle.execute("CREATE TABLE IF NOT EXISTS orders (id text PRIMARY KEY)"));
    }

    @AfterEach
    void close() {
        ledger.close();
        store.close();
    }

    private Ledger ledgerWith(RunQueue queue) {
        EventSink throwing = EventSink.inline(event -> {
            throw new AssertionError("must not reach the one who commits");
        });
        return Ledger.builder()
                .store(store)
                .queue(queue)
                .sink(recorder)
                .sink(throwing)
                .build();
    }

    @Test
    void aTransactionOfAHandleEmitsAfterItsCommit() {
        RunId id = newId();
        jdbi.useTransaction(handle -> {
            Ledger inside = ledger.in(store.unit(handle));
            handle.execute("INSERT INTO orders VALUES (?)", id.value());
            inside.dispatch(aRun(id)).orElseThrow();
            inside.start(id, "worker-1").orElseThrow();
            inside.tasks().start(id, NewTask.of("fetch")).orElseThrow();
            assertThat(inside.history().run(id)).as("it reads what it wrote").isPresent();
            assertThat(recorder.eventsOf(id)).as("nothing before the commit").isEmpty();
        });
        assertThat(recorder.eventsOf(id))
                .extracting(LedgerEvent::eventName)
                .containsExactly("workflow.run.queued", "workflow.run.running", "workflow.task.started");
        assertThat(store.history().run(id)).map(WorkflowRun::state).contains(RunState.RUNNING);
        assertThat(orders()).contains(id.value());
    }

    @Test
    void aRollbackTakesTheRunWithItAndEmitsNothing() {
        RunId id = newId();
        assertThatThrownBy(() -> jdbi.useTransaction(handle -> {
                    ledger.in(store.unit(handle)).dispatch(aRun(id)).orElseThrow();
                    throw new IllegalStateException("unrelated");
                }))
                .hasMessage("unrelated");
        assertThat(store.history().run(id)).isEmpty();
        assertThat(recorder.eventsOf(id)).isEmpty();
        assertThat(ledger.events().counters().rolledBack()).isEqualTo(1);
    }

    @Test
    void whatASavepointUndidIsNotEmitted() {
        RunId kept = newId();
        RunId undone = newId();
        jdbi.useTransaction(handle -> {
            Ledger inside = ledger.in(store.unit(handle));
            inside.dispatch(aRun(kept)).orElseThrow();
            handle.savepoint("before");
            inside.dispatch(aRun(undone)).orElseThrow();
            inside.start(kept, "worker-1").orElseThrow();
            handle.rollbackToSavepoint("before");
        });
        assertThat(recorder.eventsOf(kept)).extracting(LedgerEvent::eventName).containsExactly("workflow.run.queued");
        assertThat(recorder.eventsOf(undone)).isEmpty();
        assertThat(ledger.events().counters().rolledBack()).isEqualTo(2);
    }

    @Test
    void aTransactionOfAPlainConnectionEmitsWhenTheApplicationSaysSo() throws SQLException {
        RunId id = newId();
        RunId forgotten = newId();
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(connection)) {
                ledger.in(unit).dispatch(aRun(id)).orElseThrow();
                assertThat(recorder.eventsOf(id)).isEmpty();
                connection.commit();
                unit.committed();
                assertThat(recorder.eventsOf(id)).hasSize(1);
                ledger.in(unit).dispatch(aRun(forgotten)).orElseThrow();
                connection.commit();
            }
            assertThat(recorder.eventsOf(forgotten))
                    .as("nobody said that it was committed")
                    .isEmpty();
            assertThat(ledger.events().counters().rolledBack()).isEqualTo(1);
        }
        assertThat(database.pool().getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    @Test
    void theLookUpLeavesNoTransactionBehind() throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(connection)) {
                RunId id = newId();
                ledger.in(unit).dispatch(aRun(id)).orElseThrow();
                connection.commit();
                unit.committed();
                ledger.start(id, "worker-1").orElseThrow(); // another connection writes
                ledger.in(unit).succeed(id).orElseThrow(); // and this transaction sees it
                connection.commit();
                unit.committed();
                assertThat(recorder.eventsOf(id)).hasSize(4);
            }
        }
    }

    @Test
    void aCallOnAUnitWhoseTransactionHasEndedIsRefusedBeforeAnythingIsStored() throws SQLException {
        RunId late = newId();
        List<Ledger> kept = new ArrayList<>();
        jdbi.useTransaction(handle -> kept.add(ledger.in(store.unit(handle))));
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(connection)) {
                kept.add(ledger.in(unit));
                connection.commit();
                unit.committed();
            }
            assertThatThrownBy(() -> kept.get(1).dispatch(aRun(late)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "dispatch of %s: the transaction of this unit of work has ended, expected a unit of one that is open",
                            late);
            connection.commit();
        }
        assertThat(store.history().run(late)).isEmpty();
        assertThat(recorder.eventsOf(late)).isEmpty();
    }

    @Test
    void whatIsEnqueuedIsEnqueuedAfterTheCommit() {
        RunId id = newId();
        RunId full = newId();
        List<RunId> queue = new ArrayList<>();
        Ledger queueing = ledgerWith(run -> {
            if (run.id().equals(full)) {
                throw new AssertionError("the queue is full");
            }
            queue.add(run.id());
        });
        jdbi.useTransaction(handle -> {
            Ledger inside = queueing.in(store.unit(handle));
            inside.dispatch(aRun(id)).orElseThrow();
            inside.dispatch(aRun(full)).orElseThrow();
            assertThat(queue).isEmpty();
        });
        assertThat(queue).containsExactly(id);
        assertThat(store.history().run(full)).map(WorkflowRun::state).contains(RunState.FAILED);
        assertThat(recorder.eventsOf(full))
                .extracting(LedgerEvent::eventName)
                .containsExactly("workflow.run.queued", "workflow.run.enqueue_failed", "workflow.run.completed");
    }

    @Test
    void aRefusalInATransactionThatIsRolledBackIsNotEmitted() {
        NewRun run = aRun(newId()).target("t-" + newId());
        ledger.dispatch(run).orElseThrow();
        jdbi.useHandle(handle -> {
            handle.begin();
            Dispatch second = ledger.in(store.unit(handle)).dispatch(run.id(newId()));
            assertThat(second).isInstanceOf(Dispatch.Refused.class);
            handle.rollback();
        });
        assertThat(recorder.eventsOf(WorkflowRunEvent.DISPATCH_REFUSED)).isEmpty();
        jdbi.useTransaction(handle -> ledger.in(store.unit(handle)).dispatch(run.id(newId())));
        assertThat(recorder.eventsOf(WorkflowRunEvent.DISPATCH_REFUSED)).hasSize(1);
    }

    @Test
    void whatMayRunLongIsNotAllowedInsideATransaction() {
        RunId id = newId();
        ledger.dispatch(aRun(id)).orElseThrow();
        jdbi.useTransaction(handle -> {
            Ledger inside = ledger.in(store.unit(handle));
            assertThatThrownBy(() -> inside.execute(id, "worker-1", scope -> RunOutcome.succeeded()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("execute was called inside a unit of work");
            assertThatThrownBy(() -> inside.await(id, Duration.ofSeconds(1)))
                    .hasMessageStartingWith("await was called inside a unit of work");
        });
    }

    @Test
    void aUnitNeedsATransaction() throws SQLException {
        jdbi.useHandle(handle -> assertThatThrownBy(() -> store.unit(handle))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the handle is in no transaction"));
        try (Connection connection = database.pool().getConnection()) {
            assertThatThrownBy(() -> store.unit(connection))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("the connection commits by itself");
        }
    }

    @Test
    void aWriterThatWaitsForTheTransactionDoesNotHoldItUp() throws Exception {
        RunId id = newId();
        ledger.dispatch(aRun(id)).orElseThrow();
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement();
                    ConnectionUnit unit = store.unit(connection)) {
                statement.execute("INSERT INTO orders VALUES ('" + newId() + "')"); // holds the file, or nothing
                CompletableFuture<Dispatch> waiting =
                        CompletableFuture.supplyAsync(() -> ledger.dispatch(aRun(newId())));
                ledger.in(unit).start(id, "worker-1").orElseThrow();
                connection.commit();
                unit.committed();
                assertThat(waiting.get(30, TimeUnit.SECONDS)).isInstanceOf(Dispatch.Queued.class);
            }
        }
        assertThat(recorder.eventsOf(id)).hasSize(2);
    }

    // ---- Spring

    @Test
    void aSpringTransactionNeedsAFewLines() {
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(database.pool()));
        RunId id = newId();
        transaction.executeWithoutResult(status -> {
            ledger.in(currentUnit()).dispatch(aRun(id)).orElseThrow();
            assertThat(recorder.eventsOf(id)).isEmpty();
        });
        assertThat(recorder.eventsOf(id)).hasSize(1);

        RunId undone = newId();
        transaction.executeWithoutResult(status -> {
            ledger.in(currentUnit()).dispatch(aRun(undone)).orElseThrow();
            status.setRollbackOnly();
        });
        assertThat(store.history().run(undone)).isEmpty();
        assertThat(recorder.eventsOf(undone)).isEmpty();
        assertThat(ledger.events().counters().rolledBack()).isEqualTo(1);
        assertThat(database.pool().getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    /** As the manual has it. */
    private UnitOfWork currentUnit() {
        ConnectionUnit unit = store.unit(DataSourceUtils.getConnection(database.pool()));
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                unit.committed();
            }

            @Override
            public void afterCompletion(int status) {
                unit.close();
            }
        });
        return unit;
    }

    // ---- helpers

    private List<String> orders() {
        return jdbi.withHandle(handle ->
                handle.createQuery("SELECT id FROM orders").mapTo(String.class).list());
    }

    private static NewRun aRun(RunId id) {
        return NewRun.of("review").id(id);
    }

    private static RunId newId() {
        return RunId.of(UUID.randomUUID().toString());
    }
}
