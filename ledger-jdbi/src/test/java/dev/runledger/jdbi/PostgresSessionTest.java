package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.Servers;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pools as an application may have set them up. */
class PostgresSessionTest {
    private final String url = Servers.newest().newDatabase();

    @Test
    void aPoolWithAutoCommitOffLosesNothingAndGetsItsConnectionsBackAsTheyWere() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setAutoCommit(false);
        config.setMaximumPoolSize(1);
        RunId id = newId();
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbiRunStore store = JdbiRunStore.on(pool);
            dispatch(store, id);
            assertThat(store.apply(new RunChange.Start(id, "worker-1", Head.of()))
                            .isApplied())
                    .isTrue();
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
            }
        }
        try (HikariDataSource other = Servers.pool(url, 1)) {
            assertThat(JdbiRunStore.on(other).history().run(id).orElseThrow().seq())
                    .isEqualTo(2);
        }
    }

    @Test
    void underRepeatableReadALostRaceInAJoinedTransactionIsATypedFailureAndIsNotTriedAgain() throws SQLException {
        try (HikariDataSource pool = Servers.pool(url, 4)) {
            JdbiRunStore store = JdbiRunStore.on(pool);
            RunId id = newId();
            dispatch(store, id);
            try (Connection connection = pool.getConnection()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                connection.setAutoCommit(false);
                try (ConnectionUnit unit = store.unit(connection)) {
                    assertThat(unit.store().history().run(id))
                            .as("the snapshot is taken")
                            .isPresent();
                    store.apply(new RunChange.Start(id, "worker-1", Head.of())).orElseThrow();
                    assertThatThrownBy(() -> unit.store().apply(new RunChange.Cancel(id, "late", Head.of())))
                            .isInstanceOfSatisfying(StoreException.class, failure -> {
                                assertThat(failure.certainty()).isEqualTo(StoreException.Certainty.NOT_STORED);
                                assertThat(failure).hasMessageContaining("SQLSTATE 40001");
                            });
                    connection.rollback();
                }
            }
            Transition cancelled = store.apply(new RunChange.Cancel(id, "again", Head.of()));
            assertThat(cancelled.isApplied()).isTrue();
        }
    }

    @Test
    void underRepeatableReadARaceOutsideATransactionIsDecided() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setMaximumPoolSize(8);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbiRunStore store = JdbiRunStore.on(pool);
            RunId id = newId();
            dispatch(store, id);
            long applied = IntStream.range(0, 8)
                    .parallel()
                    .mapToObj(racer -> store.apply(new RunChange.Start(id, "worker-" + racer, Head.of())))
                    .filter(Transition::isApplied)
                    .count();
            assertThat(applied).isEqualTo(1);
        }
    }

    private static void dispatch(JdbiRunStore store, RunId id) {
        store.apply(new StoreCommand.DispatchRun(NewRun.of("review").id(id), Head.of()))
                .orElseThrow();
    }

    private static RunId newId() {
        return RunId.of(UUID.randomUUID().toString());
    }
}
