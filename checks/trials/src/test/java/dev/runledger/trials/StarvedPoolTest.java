package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.faults.Crowd;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.ConnectionUnit;
import dev.runledger.jdbi.Database;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.StoreException;
import dev.runledger.testkit.RecordingSink;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application that holds all connections of the pool that it shares with the ledger. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StarvedPoolTest {
    private static final int SIZE = 10;
    private static final long BUDGET_MS = 1_000;

    @TempDir
    private Path folder;

    private final Crowd crowd = new Crowd(SIZE);
    private final RecordingSink recorder = new RecordingSink();

    @AfterEach
    void dismiss() {
        crowd.close();
    }

    private HikariDataSource pool(Database database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(TestStore.emptyDatabase(database, folder));
        config.setMaximumPoolSize(SIZE);
        config.setConnectionTimeout(BUDGET_MS);
        return new HikariDataSource(config);
    }

    private Ledger ledger(JdbiRunStore store) {
        return Ledger.builder().store(store).sink(recorder).echo(false).build();
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void aCallFailsWithinTheTimeoutOfThePoolAndEventsAreEmittedMeanwhile(Database database) throws SQLException {
        try (HikariDataSource pool = pool(database)) {
            JdbiRunStore store = JdbiRunStore.builder(pool)
                    .callBudget(Duration.ofMillis(BUDGET_MS))
                    .build();
            Ledger ledger = ledger(store);
            RunId id = queued(ledger);
            List<Connection> held = new ArrayList<>();
            for (int i = 0; i < SIZE; i++) {
                held.add(pool.getConnection());
            }
            long writing = millisOf(() -> assertThatThrownBy(() -> ledger.start(id, "w"))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            failure -> assertThat(failure.certainty()).isEqualTo(StoreException.Certainty.NOT_STORED)));
            long reading = millisOf(
                    () -> assertThatThrownBy(() -> ledger.history().run(id)).isInstanceOf(StoreException.class));
            assertThat(writing).isBetween(BUDGET_MS - 50, BUDGET_MS + 500);
            assertThat(reading).isBetween(BUDGET_MS - 50, BUDGET_MS + 500);

            long emitting = millisOf(() -> {
                for (int i = 0; i < 1_000; i++) {
                    ledger.events()
                            .log(
                                    WorkflowRunEvent.QUEUED,
                                    EventFields.of().runId("own-" + i).workflowName("w"));
                }
            });
            assertThat(recorder.events()).hasSize(1_001);
            assertThat(emitting).isLessThan(BUDGET_MS);

            for (Connection each : held) {
                each.close();
            }
            assertThat(ledger.start(id, "w").isApplied()).isTrue();
            System.out.printf(
                    "starved pool, %s: budget %d ms, a write failed after %d ms, a read after %d ms, 1000 events emitted in %d ms%n",
                    database, BUDGET_MS, writing, reading, emitting);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void asManyTransactionsAsThereAreConnectionsCallTheLedgerAndNoneWaitsForAnother(Database database)
            throws Exception {
        int rounds = Rounds.of(5, 50);
        try (HikariDataSource pool = pool(database)) {
            JdbiRunStore store = JdbiRunStore.on(pool);
            Ledger ledger = ledger(store);
            for (int round = 0; round < rounds; round++) {
                List<RunId> ids = crowd.atOnce(thread -> lifeInATransaction(database, pool, store, ledger));
                for (RunId id : ids) {
                    assertThat(recorder.eventsOf(id)).hasSize(3);
                    assertThat(ledger.history().events(id)).hasSize(3);
                }
            }
            assertThat(ledger.events().counters().rolledBack()).isZero();
            System.out.printf(
                    "starved pool, %s: %d rounds of %d transactions on %d connections%n", database, rounds, SIZE, SIZE);
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void theLookUpAfterACommitUndoesNothingThatWasWrittenSince(Database database) throws SQLException {
        try (HikariDataSource pool = pool(database);
                Connection connection = pool.getConnection()) {
            JdbiRunStore store = JdbiRunStore.on(pool);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement();
                    ConnectionUnit unit = store.unit(connection)) {
                statement.execute("CREATE TABLE orders (id text)");
                RunId id = queued(ledger(store).in(unit));
                connection.commit();
                statement.execute("INSERT INTO orders VALUES ('o-1')");
                unit.committed();
                connection.commit();
                assertThat(recorder.eventsOf(id)).hasSize(1);
            }
            assertThat(Backends.ask(pool, "SELECT count(*) FROM orders")).isEqualTo("1");
        }
    }

    /** Lets a run live in a transaction. On SQLite one transaction writes at a time, so there the application queues them itself. */
    private RunId lifeInATransaction(Database database, HikariDataSource pool, JdbiRunStore store, Ledger ledger)
            throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(connection)) {
                if (database == Database.SQLITE) {
                    synchronized (crowd) {
                        holdTheFile(connection);
                        RunId id = life(ledger.in(unit));
                        connection.commit();
                        unit.committed();
                        return id;
                    }
                }
                RunId id = life(ledger.in(unit));
                connection.commit();
                unit.committed();
                return id;
            }
        }
    }

    private static void holdTheFile(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE ledger_run SET seq = seq WHERE id = 'absent'");
        }
    }

    private static RunId life(Ledger ledger) {
        RunId id = queued(ledger);
        ledger.start(id, "w").orElseThrow();
        ledger.succeed(id).orElseThrow();
        return id;
    }

    private static RunId queued(Ledger ledger) {
        RunId id = RunId.of(UUID.randomUUID().toString());
        return ledger.dispatch(NewRun.of("review").id(id)).orElseThrow().id();
    }

    private static long millisOf(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
}
