package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.failure.Failure;
import dev.runledger.faults.Servers;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.Transition;
import dev.runledger.state.RunState;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one statement makes of many calls. */
class PostgresBatchesTest {
    private final PostgresBatches batches = new PostgresBatches(new Tables(null, "ledger_"));
    private HikariDataSource pool;
    private JdbiRunStore store;
    private Connection connection;

    @BeforeEach
    void open() throws SQLException {
        pool = Servers.pool(Servers.newest().newDatabase(), 4);
        store = JdbiRunStore.on(pool);
        connection = pool.getConnection();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        pool.close();
    }

    private static RunId id(int number) {
        return RunId.of("run-" + number);
    }

    private static StoreCommand.DispatchRun dispatch(int number, String target) {
        return new StoreCommand.DispatchRun(NewRun.of("review").id(id(number)).target(target), Head.of());
    }

    private Map<String, PostgresBatches.Answer> store(List<? extends StoreCommand<?>> commands) throws SQLException {
        Object shape = Objects.requireNonNull(batches.shape(commands.get(0)));
        return batches.store(connection, shape, new ArrayList<>(commands));
    }

    private void queued(int many) throws SQLException {
        assertThat(store(IntStream.range(0, many)
                        .mapToObj(i -> dispatch(i, "t" + i))
                        .toList()))
                .hasSize(many);
    }

    private RunState state(int number) {
        return store.history().state(id(number)).orElseThrow();
    }

    @Test
    void ofTwoDispatchesOfOneTargetTheFirstIsStored() throws SQLException {
        assertThat(store(List.of(dispatch(1, "t"), dispatch(2, "t"), dispatch(3, "u"))))
                .containsOnlyKeys("run-1", "run-3");
        assertThat(store.history().run(id(2))).isEmpty();
    }

    @Test
    void aCallThatDoesNotFitIsLeftOutAndTheOthersAreStored() throws SQLException {
        queued(3);
        assertThat(store.apply(new RunChange.Cancel(id(1), "enough", Head.of())).isApplied())
                .isTrue();
        List<RunChange.Start> starts = IntStream.range(0, 4)
                .mapToObj(i -> new RunChange.Start(id(i), "w" + i, Head.of()))
                .toList();
        assertThat(store(starts)).containsOnlyKeys("run-0", "run-2");
        assertThat(store.history().run(id(2)).orElseThrow().owner()).contains("w2");
        assertThat(state(1)).isEqualTo(RunState.CANCELLED);
    }

    @Test
    void eachCallHasItsOwnValuesAndItsOwnExpectation() throws SQLException {
        queued(3);
        List<RunChange.Fail> ends = List.of(
                new RunChange.Fail(id(0), Failure.of("red"), Head.of()),
                new RunChange.Fail(id(1), Failure.of("blue"), Head.of().expectedSeq(1L)),
                new RunChange.Fail(id(2), Failure.of("green"), Head.of().expectedSeq(9L)));
        Map<String, PostgresBatches.Answer> answers = store(ends);
        assertThat(answers).containsOnlyKeys("run-0", "run-1");
        Transition second = (Transition) answers.get("run-1").orElseThrow();
        assertThat(second.run().orElseThrow())
                .isEqualTo(store.history().run(id(1)).orElseThrow());
        assertThat(second.run().orElseThrow().reason()).contains("blue");
        assertThat(state(2)).isEqualTo(RunState.QUEUED);
    }

    @Test
    void aRowThatAnotherTransactionHoldsIsLeftOutAtOnce() throws SQLException {
        queued(2);
        try (Connection other = pool.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT 1 FROM ledger_run WHERE id = 'run-0' FOR UPDATE");
            assertThat(store(List.of(
                            new RunChange.Start(id(0), "w", Head.of()), new RunChange.Start(id(1), "w", Head.of()))))
                    .containsOnlyKeys("run-1");
            other.rollback();
        }
        assertThat(state(0)).isEqualTo(RunState.QUEUED);
    }

    @Test
    void aGuardThatAnotherTransactionHoldsIsNotWaitedForAndNothingIsStored() throws SQLException {
        try (Connection other = pool.getConnection()) {
            other.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(other)) {
                unit.store().apply(dispatch(1, "held")).orElseThrow();
                assertThatThrownBy(() -> store(List.of(dispatch(2, "held"), dispatch(3, "free"))))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                failed -> assertThat(failed.getSQLState()).isEqualTo("55P03"));
            }
            other.rollback();
        }
        assertThat(store.history().run(id(3))).isEmpty();
    }

    @Test
    void theSettingsOfAStatementEndWithIt() throws SQLException {
        queued(1);
        for (String setting : PostgresBatches.SETTINGS.keySet()) {
            try (Statement statement = connection.createStatement();
                    var rows = statement.executeQuery(
                            "SELECT setting = reset_val FROM pg_settings WHERE name = '" + setting + "'")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getBoolean(1)).as(setting).isTrue();
            }
        }
    }

    @Test
    void tasksOfOneRunAndOfOthersAreStoredTogether() throws SQLException {
        queued(2);
        store.apply(new RunChange.Start(id(0), "w", Head.of())).orElseThrow();
        store.apply(new RunChange.Cancel(id(1), "enough", Head.of())).orElseThrow();
        List<TaskChange.Start> starts = List.of(
                new TaskChange.Start(id(0), NewTask.of("build").id(TaskId.of("a")), Head.of()),
                new TaskChange.Start(id(0), NewTask.of("test").id(TaskId.of("b")), Head.of()),
                new TaskChange.Start(id(1), NewTask.of("late").id(TaskId.of("c")), Head.of()));
        assertThat(store(starts)).containsOnlyKeys("a", "b");
        assertThat(store.history().tasks(id(0))).hasSize(2);
        assertThat(store.history().tasks(id(1))).isEmpty();
    }
}
