package dev.runledger.jdbi;

import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static dev.runledger.testkit.LedgerAssertions.assertThatFanOut;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.faults.Servers;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.testkit.Breach;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.RecordingSink;
import dev.runledger.testkit.Witness;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A strict test of an application on PostgreSQL whose pool is watched: with auto-commit on, and off. */
@ParameterizedClass(name = "autoCommit={0}")
@ValueSource(booleans = {true, false})
class WatchedPoolTest {
    private final RecordingSink recorder = new RecordingSink();
    private final HikariDataSource pool;
    private final DataSource watched;
    private final JdbiRunStore store;
    private final Ledger ledger;
    private final LedgerKit kit;
    private final RunId id = newId();

    WatchedPoolTest(boolean autoCommit) {
        String url = Servers.newest().newDatabase();
        this.pool = autoCommit ? Servers.pool(url, 4) : Servers.poolWithoutAutoCommit(url, 4);
        this.watched = recorder.watch(pool);
        this.store = JdbiRunStore.on(watched);
        this.ledger = Ledger.builder().store(store).sink(recorder).build();
        this.kit = LedgerKit.around(ledger.events(), recorder);
    }

    @AfterEach
    void close() {
        kit.close();
        ledger.close();
        store.close();
        pool.close();
    }

    @Test
    void aTransactionOfTheStoreIsOverBeforeItsEventIsEmitted() {
        ledger.dispatch(aRun(id)).orElseThrow();
        ledger.execute(id, "worker-1", scope -> {
                    scope.task(NewTask.of("fetch"), task -> 1);
                    return RunOutcome.succeeded();
                })
                .orElseThrow();
        kit.verify();
        assertThat(kit.recorder()).run(id).withoutTasks().isEchoed();
    }

    @Test
    void theRowsHaveEveryFieldThatWasEmitted() {
        CallOptions options =
                CallOptions.customFields(EventFields.of().put("prNumber", 42).put("score", 0.75));
        ledger.dispatch(aRun(id), options).orElseThrow();
        ledger.start(id, "worker-1", options).orElseThrow();
        TaskId task = ledger.tasks()
                .start(id, NewTask.of("fetch"), options)
                .orElseThrow()
                .id();
        Failure reset = Failure.of(new IOException("reset"));
        ledger.tasks().fail(task, reset, TaskRun.Result.nothing(), options).orElseThrow();
        ledger.suspend(id, Wait.of(Wait.Code.APPROVAL), options).orElseThrow();
        ledger.resume(id, Resumption.of("approved", "ada"), options).orElseThrow();
        Failure broken = Failure.of(new IllegalStateException("broken", new IOException("reset")));
        ledger.fail(id, broken, options).orElseThrow();
        assertThatFanOut(kit.recorder()).reached(Witness.ofStore(store.history()));
        kit.verify();
    }

    @Test
    void whatATransactionOfAHandleEmitsAfterItsCommitIsNoBreach() {
        Jdbi.create(watched).useHandle(handle -> {
            handle.begin(); // in manual mode, useTransaction takes itself for a part of a larger one
            Ledger inside = ledger.in(kit.watch(store.unit(handle)));
            inside.dispatch(aRun(id)).orElseThrow();
            inside.start(id, "worker-1").orElseThrow();
            handle.commit();
            emit(); // the look-up has begun nothing that is open now
        });
        ledger.succeed(id).orElseThrow();
        kit.verify();
        assertThat(kit.recorder().eventsOf(id)).hasSize(4);
    }

    @Test
    void whatAPlainTransactionEmitsAfterItsCommitIsNoBreachAndTheLookUpIsNone() throws SQLException {
        try (Connection connection = watched.getConnection()) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(connection)) {
                Ledger inside = ledger.in(kit.watch(unit));
                inside.dispatch(aRun(id)).orElseThrow();
                connection.commit();
                unit.committed();
                emit();
                inside.start(id, "worker-1").orElseThrow();
                inside.succeed(id).orElseThrow();
                connection.commit();
                unit.committed();
                emit();
            }
        }
        kit.verify();
        assertThat(kit.recorder().eventsOf(id)).hasSize(4);
    }

    @Test
    void whatASpringTransactionEmitsAfterItsCommitIsNoBreach() {
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(watched));
        transaction.executeWithoutResult(status -> {
            ConnectionUnit unit = store.unit(DataSourceUtils.getConnection(watched));
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
            ledger.in(kit.watch(unit)).dispatch(aRun(id)).orElseThrow();
        });
        kit.verify();
        assertThat(kit.recorder().eventsOf(id)).hasSize(1);
    }

    @Test
    void whatIsRolledBackIsNeitherEmittedNorABreach() {
        Jdbi.create(watched).useHandle(handle -> {
            handle.begin();
            ledger.in(kit.watch(store.unit(handle))).dispatch(aRun(id)).orElseThrow();
            handle.rollback();
        });
        emit();
        kit.verify();
        assertThat(kit.recorder().eventsOf(id)).isEmpty();
    }

    @Test
    void whatTheApplicationEmitsBeforeItsCommitIsABreach() throws SQLException {
        try (Connection connection = watched.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TABLE orders (id text)");
            emit();
            connection.commit();
        }
        assertThat(kit.breaches()).singleElement().satisfies(WatchedPoolTest::isEmittedTooEarly);
    }

    @Test
    void aUnitThatIsSaidToBeCommittedAndIsNotIsABreach() throws SQLException {
        try (Connection connection = watched.getConnection()) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(connection)) {
                ledger.in(unit).dispatch(aRun(id)).orElseThrow();
                unit.committed();
            }
            connection.rollback();
        }
        assertThat(kit.breaches()).singleElement().satisfies(WatchedPoolTest::isEmittedTooEarly);
    }

    @Test
    void whatGoesPastAnOpenUnitIsABreach() {
        Jdbi.create(pool)
                .useHandle(
                        handle -> { // the unit alone is watched
                            handle.begin();
                            ledger.in(kit.watch(store.unit(handle)))
                                    .dispatch(aRun(id))
                                    .orElseThrow();
                            emit();
                            handle.rollback();
                        });
        assertThat(kit.breaches()).singleElement().satisfies(WatchedPoolTest::isEmittedTooEarly);
    }

    private static void isEmittedTooEarly(Breach breach) {
        assertThat(breach.kind()).isEqualTo(Breach.Kind.OPEN_TRANSACTION);
        assertThat(breach.what()).contains("while a transaction of its thread was open");
    }

    private void emit() {
        kit.events()
                .log(WorkflowRunEvent.QUEUED, EventFields.of().runId(newId()).workflowName("import"));
    }

    private static NewRun aRun(RunId id) {
        return NewRun.of("review").id(id);
    }

    private static RunId newId() {
        return RunId.of(UUID.randomUUID().toString());
    }
}
