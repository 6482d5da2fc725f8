package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.InterceptingDataSource;
import dev.runledger.faults.Servers;
import dev.runledger.history.RunQuery;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** How often and how long a call on PostgreSQL is tried. */
@Timeout(120)
class CallBudgetTest {
    private static final Duration PLENTY = Duration.ofSeconds(60);

    private final String url = Servers.newest().newDatabase();
    private final RunId id = RunId.of(UUID.randomUUID().toString());
    private HikariDataSource pool;

    @BeforeEach
    void queue() {
        pool = Servers.pool(url, 4);
        dispatch(JdbiRunStore.on(pool), id);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private static void dispatch(JdbiRunStore store, RunId id) {
        store.apply(new StoreCommand.DispatchRun(NewRun.of("review").id(id), Head.of()))
                .orElseThrow();
    }

    private static JdbiRunStore store(DataSource source, Duration budget) {
        return JdbiRunStore.builder(source).callBudget(budget).build();
    }

    private static RunChange.Start start(RunId id) {
        return new RunChange.Start(id, "worker", Head.of());
    }

    private void execute(String... sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
        }
    }

    /** Fails so many executions from now on, with a connection that is dead. */
    private static final class DeadConnections extends InterceptingDataSource {
        private final AtomicInteger left = new AtomicInteger();
        private final AtomicInteger met = new AtomicInteger();

        DeadConnections(DataSource target) {
            super(target);
        }

        @Override
        protected Object execute(Connection real, String sql, Call call) throws SQLException {
            if (left.getAndDecrement() <= 0) {
                return call.proceed();
            }
            met.incrementAndGet();
            real.abort(Runnable::run);
            throw new SQLException("this connection is dead", "08006");
        }
    }

    @Test
    void aCallSurvivesAsManyDeadConnectionsAsAPoolMayHave() {
        DeadConnections source = new DeadConnections(pool);
        JdbiRunStore store = store(source, PLENTY);
        source.left.set(40);
        assertThat(store.apply(start(id))).isInstanceOf(Transition.Applied.class);
        assertThat(source.met).hasValue(40);
        source.left.set(40);
        assertThat(store.history().run(id).orElseThrow().seq()).isEqualTo(2);
    }

    @Test
    void aCallThatHasNoTimeLeftSaysHowOftenAndHowLongItWasTried() {
        DeadConnections source = new DeadConnections(pool);
        JdbiRunStore store = store(source, Duration.ofMillis(300));
        source.left.set(Integer.MAX_VALUE);
        assertThatThrownBy(() -> store.apply(start(id)))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failed -> assertThat(failed.certainty()).isEqualTo(Certainty.UNKNOWN))
                .hasMessageStartingWith("start of " + id + ": the database gave SQLSTATE 08")
                .message()
                .containsPattern("; \\d+ attempts in \\d+\\.\\d s; it is unknown whether it was stored");
        assertThatThrownBy(() -> store.history().state(id))
                .isInstanceOf(StoreException.class)
                .message()
                .matches("state of " + id + ": the database gave SQLSTATE 08\\d+; \\d+ attempts in \\d+\\.\\d s");
        assertThat(source.met).hasValueGreaterThan(2);
    }

    @Test
    void anInterruptEndsTheAttemptsAndStands() {
        DeadConnections source = new DeadConnections(pool);
        JdbiRunStore store = store(source, PLENTY);
        source.left.set(Integer.MAX_VALUE);
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> store.history().state(id))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("1 attempt in 0.")
                    .hasMessageEndingWith("until the thread was interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Lends connections of the driver, those of before a change of the primary to a server that takes no writes any more. */
    private static final class Demotable extends InterceptingDataSource {
        private final AtomicInteger refused = new AtomicInteger();
        private final Map<Connection, Long> since = new ConcurrentHashMap<>();
        private volatile long demotedAt;

        Demotable(DataSource target) {
            super(target);
        }

        @Override
        protected Object execute(Connection real, String sql, Call call) throws SQLException {
            boolean old = since.computeIfAbsent(real, opened -> System.nanoTime()) - demotedAt < 0;
            if (demotedAt == 0 || !old || !sql.contains("UPDATE")) {
                return call.proceed();
            }
            refused.incrementAndGet();
            throw new SQLException("cannot execute UPDATE in a read-only transaction", "25006");
        }
    }

    @Test
    void aConnectionToADemotedPrimaryIsReplacedAndTheCallIsMadeAgain() {
        PGSimpleDataSource driver = new PGSimpleDataSource();
        driver.setUrl(url);
        Demotable demotable = new Demotable(driver);
        HikariConfig config = new HikariConfig();
        config.setDataSource(demotable);
        config.setMaximumPoolSize(2);
        try (HikariDataSource old = new HikariDataSource(config)) {
            JdbiRunStore store = store(old, PLENTY);
            assertThat(store.history().state(id)).isPresent();
            demotable.demotedAt = System.nanoTime();
            assertThat(store.apply(start(id))).isInstanceOf(Transition.Applied.class);
            assertThat(demotable.refused.get()).isBetween(1, 2);
        }
    }

    @Test
    void aServerThatTakesNoWritesForAWhileIsWaitedFor() throws SQLException {
        AtomicInteger refused = new AtomicInteger();
        JdbiRunStore store = store(
                new InterceptingDataSource(pool) {
                    @Override
                    protected Object execute(Connection real, String sql, Call call) throws SQLException {
                        try {
                            return call.proceed();
                        } catch (SQLException failed) {
                            if ("25006".equals(failed.getSQLState()) && refused.incrementAndGet() == 3) {
                                CallBudgetTest.this.execute(
                                        "SET default_transaction_read_only = off", readOnly("RESET"));
                            }
                            throw failed;
                        }
                    }
                },
                PLENTY);
        execute(readOnly("SET"));
        pool.getHikariPoolMXBean().softEvictConnections();
        assertThat(store.apply(start(id))).isInstanceOf(Transition.Applied.class);
        assertThat(refused).hasValueGreaterThanOrEqualTo(3);
    }

    private String readOnly(String setOrReset) {
        String name = url.replaceAll(".*/([^/?]+).*", "$1");
        return "ALTER DATABASE \"" + name + "\" " + setOrReset + " default_transaction_read_only"
                + (setOrReset.equals("SET") ? " = on" : "");
    }

    @Test
    void aConnectionThatTheApplicationMadeReadOnlyIsKeptAndTheCallFailsAtOnce() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url + "&readOnly=true&readOnlyMode=always")) {
            JdbiRunStore store = store(new OneConnection(connection), PLENTY);
            assertThatThrownBy(() -> store.apply(start(id)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("SQLSTATE 25006")
                    .hasMessageContaining("1 attempt in ")
                    .hasMessageEndingWith("nothing was stored");
            assertThat(store.history().state(id)).isPresent();
        }
    }

    @Test
    void aWriteThatWaitsForALockEndsInTimeAndIsFoundByTheSameCall() throws SQLException {
        JdbiRunStore store = store(pool, Duration.ofSeconds(1));
        RunChange.Start start = start(id);
        try (Connection other = DriverManager.getConnection(url);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT 1 FROM ledger_run WHERE id = '" + id + "' FOR UPDATE");
            assertThatThrownBy(() -> store.apply(start))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            failed -> assertThat(failed.certainty()).isEqualTo(Certainty.UNKNOWN))
                    .hasMessageContaining("SQLSTATE 08006: no answer came in time; 1 attempt in ");
            other.rollback();
        }
        assertThat(store.apply(start).isApplied()).as("by whichever of the two").isTrue();
        assertThat(store.history().run(id).orElseThrow().seq()).isEqualTo(2);
    }

    @Test
    void aPageThatTakesTooLongIsCancelledOnTheServer() throws SQLException {
        JdbiRunStore store = JdbiRunStore.builder(pool)
                .queryTimeout(Duration.ofSeconds(1))
                .callBudget(PLENTY)
                .build();
        try (Connection other = DriverManager.getConnection(url);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE ledger_run");
            assertThatThrownBy(() -> store.history().page(RunQuery.all()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(
                            "SQLSTATE 57014: it took too long, or waited too long for a lock; 1 attempt in ");
            other.rollback();
        }
        assertThat(store.history().page(RunQuery.all()).runs()).hasSize(1);
    }

    @Test
    void inATransactionOfTheApplicationAStatementIsCancelledAndTheConnectionStays() throws SQLException {
        JdbiRunStore store = store(pool, Duration.ofSeconds(1));
        try (Connection other = DriverManager.getConnection(url);
                Statement statement = other.createStatement();
                Connection ours = pool.getConnection()) {
            other.setAutoCommit(false);
            statement.execute("SELECT 1 FROM ledger_run WHERE id = '" + id + "' FOR UPDATE");
            ours.setAutoCommit(false);
            ours.setNetworkTimeout(Runnable::run, 77_000);
            try (ConnectionUnit unit = store.unit(ours)) {
                assertThatThrownBy(() -> unit.store().apply(start(id)))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("SQLSTATE 57014");
            }
            ours.rollback();
            other.rollback();
            assertThat(ours.getNetworkTimeout()).isEqualTo(77_000);
            try (ConnectionUnit unit = store.unit(ours)) {
                assertThat(unit.store().apply(start(id)).isApplied()).isTrue();
            }
            ours.commit();
        }
    }

    @Test
    void theNetworkTimeoutOfAConnectionIsAsItWasAfterwards() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url + "&socketTimeout=77")) {
            JdbiRunStore store = store(new OneConnection(connection), PLENTY);
            assertThat(store.apply(start(id)).isApplied()).isTrue();
            assertThat(store.history().state(id)).isPresent();
            assertThat(connection.getNetworkTimeout()).isEqualTo(77_000);
        }
    }

    @Test
    void aBudgetThatIsTooSmallIsRefused() {
        assertThatThrownBy(() -> store(pool, Duration.ofMillis(99)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("callBudget is PT0.099S, expected PT0.1S or more");
    }
}
