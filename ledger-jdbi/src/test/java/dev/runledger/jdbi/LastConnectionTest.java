package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.EventSink;
import dev.runledger.state.RunState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A queue that refuses a run after the commit, while the application still holds the last connection of the pool. */
@ParameterizedClass
@MethodSource("dev.runledger.jdbi.TestDatabase#each")
class LastConnectionTest {
    private final TestDatabase database;
    private final List<Connection> taken = new ArrayList<>();
    private final List<String> emitted = new ArrayList<>();
    private final RunId id = RunId.of(UUID.randomUUID().toString());
    private JdbiRunStore store;
    private Ledger ledger;

    LastConnectionTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void takeAllConnectionsButOne() throws SQLException {
        store = database.store();
        ledger = Ledger.builder()
                .store(store)
                .sink(EventSink.inline(event -> emitted.add(event.type().eventName())))
                .queue(run -> {
                    throw new RejectedExecutionException("the queue is full");
                })
                .build();
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS notes (id text PRIMARY KEY)");
        }
        for (int i = 1; i < database.pool().getMaximumPoolSize(); i++) {
            taken.add(database.pool().getConnection());
        }
    }

    @AfterEach
    void giveThemBack() throws SQLException {
        for (Connection each : taken) {
            each.close();
        }
        ledger.close();
        store.close();
    }

    private void assertThatItCouldNotBeEnqueued() throws SQLException {
        taken.remove(0).close();
        WorkflowRun run = store.history().run(id).orElseThrow();
        assertThat(run.state()).isEqualTo(RunState.FAILED);
        assertThat(run.reason()).hasValueSatisfying(reason -> assertThat(reason).contains("the queue is full"));
        assertThat(emitted)
                .containsExactly("workflow.run.queued", "workflow.run.enqueue_failed", "workflow.run.completed");
    }

    @Test
    void failsTheRunOnTheConnectionOfTheHandle() throws SQLException {
        Jdbi.create(database.pool())
                .useTransaction(handle -> ledger.in(store.unit(handle))
                        .dispatch(NewRun.of("import").id(id))
                        .orElseThrow());
        assertThatItCouldNotBeEnqueued();
    }

    @Test
    void failsTheRunOnThePlainConnectionAndLeavesItAsItWas() throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(connection)) {
                ledger.in(unit).dispatch(NewRun.of("import").id(id)).orElseThrow();
                connection.commit();
                unit.committed();
            }
            assertThat(connection.getAutoCommit()).isFalse();
        }
        assertThatItCouldNotBeEnqueued();
    }

    @Test
    void commitsNothingThatTheApplicationDidOnTheConnectionMeanwhile() throws SQLException {
        taken.remove(0).close(); // the run is failed on another connection then
        String note = id.value();
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(connection)) {
                ledger.in(unit).dispatch(NewRun.of("import").id(id)).orElseThrow();
                connection.commit();
                if (database.database() == Database.POSTGRESQL) { // on SQLite another writer would wait for this one
                    statement.execute("INSERT INTO notes VALUES ('" + note + "')");
                }
                unit.committed();
            }
            connection.rollback();
            try (var rows = statement.executeQuery("SELECT count(*) FROM notes WHERE id = '" + note + "'")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isZero();
            }
            connection.rollback();
        }
        assertThatItCouldNotBeEnqueued();
    }
}
