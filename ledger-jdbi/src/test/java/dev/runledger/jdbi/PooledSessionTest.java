package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.Servers;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How a host may have set up its pool. */
class PooledSessionTest {
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
            store.dispatch(NewRun.of("review").id(id), null, null);
            assertThat(store.apply(Change.start(id, "worker-1")).isApplied()).isTrue();
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
    void underRepeatableReadALostRaceInAHostsTransactionIsATypedFailureAndIsNotTriedAgain() throws SQLException {
        try (HikariDataSource pool = Servers.pool(url, 4)) {
            JdbiRunStore store = JdbiRunStore.on(pool);
            RunId id = newId();
            store.dispatch(NewRun.of("review").id(id), null, null);
            try (Connection connection = pool.getConnection()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                connection.setAutoCommit(false);
                try (ConnectionUnit unit = store.unit(connection)) {
                    assertThat(unit.store().history().run(id))
                            .as("the snapshot is taken")
                            .isPresent();
                    store.apply(Change.start(id, "worker-1")).orElseThrow();
                    assertThatThrownBy(() -> unit.store().apply(Change.cancel(id, "late")))
                            .isInstanceOfSatisfying(StoreException.class, failure -> {
                                assertThat(failure.outcome()).isEqualTo(StoreException.Certainty.NOT_STORED);
                                assertThat(failure).hasMessageContaining("SQLSTATE 40001");
                            });
                    connection.rollback();
                }
            }
            Transition cancelled = store.apply(Change.cancel(id, "again"));
            assertThat(cancelled.isApplied()).isTrue();
        }
    }

    @Test
    void underRepeatableReadARaceOfTheStoresOwnIsDecided() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setMaximumPoolSize(8);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            JdbiRunStore store = JdbiRunStore.on(pool);
            RunId id = newId();
            store.dispatch(NewRun.of("review").id(id), null, null);
            long applied = java.util.stream.IntStream.range(0, 8)
                    .parallel()
                    .mapToObj(racer -> store.apply(Change.start(id, "worker-" + racer)))
                    .filter(Transition::isApplied)
                    .count();
            assertThat(applied).isEqualTo(1);
        }
    }

    private static RunId newId() {
        return RunId.of(UUID.randomUUID().toString());
    }
}
