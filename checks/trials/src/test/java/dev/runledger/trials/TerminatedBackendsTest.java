package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.Rounds;
import dev.runledger.faults.Servers;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.store.StoreException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An administrator ends the connections of an application with {@code pg_terminate_backend}. */
@Timeout(600)
class TerminatedBackendsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final long seed = new Random().nextInt(1_000_000);
    private String url;
    private Connection administrator;

    @BeforeEach
    void connect() throws SQLException {
        url = Servers.newest().newDatabase();
        administrator = DriverManager.getConnection(url);
    }

    @AfterEach
    void disconnect() throws SQLException {
        administrator.close();
    }

    private HikariDataSource pool(boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(4);
        config.setAutoCommit(autoCommit);
        config.setConnectionTimeout(5000);
        return new HikariDataSource(config);
    }

    /** Ends every connection to the database but its own, waits until they are gone, and returns how many there were. */
    private int terminate() {
        String pids = ask("SELECT coalesce(string_agg(pid::text, ','), '0') FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        String those = " FROM pg_stat_activity WHERE pid IN (" + pids + ")";
        int ended = Integer.parseInt(ask("SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))" + those));
        while (!ask("SELECT count(*)" + those).equals("0")) {
            Thread.onSpinWait();
        }
        return ended;
    }

    private String ask(String sql) {
        try (Statement statement = administrator.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Ends all connections before each call. */
    private final class Between implements RunWriter.Witness {
        private final Acknowledged acknowledged = new Acknowledged();
        private int calls;
        private int terminated;
        private int failures;

        @Override
        public void calling() {
            calls++;
            terminated += terminate();
        }

        @Override
        public void acknowledged(String eventId, String state) {
            acknowledged.add(eventId, state);
        }

        @Override
        public boolean again(StoreException failed) {
            failures++;
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachCallReturnsOrThrowsWhenAllConnectionsAreEndedBeforeIt(boolean autoCommit) {
        int rounds = Rounds.of(20, 200);
        try (HikariDataSource pool = pool(autoCommit)) {
            JdbiRunStore store = JdbiRunStore.on(pool);
            Between between = new Between();
            RunWriter writer = new RunWriter(Ledgers.silent(store), seed, "run", between);
            for (int round = 0; round < rounds; round++) {
                writer.life();
            }
            check(store, between.acknowledged);
            System.out.printf(
                    "terminated between calls, auto-commit %s: seed %d, %d rounds, %d calls, %d connections ended,"
                            + " %d acknowledged, 0 lost, 0 duplicated, %d typed failures%n",
                    autoCommit,
                    seed,
                    rounds,
                    between.calls,
                    between.terminated,
                    between.acknowledged.size(),
                    between.failures);
        }
    }

    @Test
    void eachCallReturnsOrThrowsWhenConnectionsAreEndedDuringIt() throws Exception {
        int rounds = Rounds.of(20, 200);
        int terminated = 0;
        try (HikariDataSource pool = pool(true)) {
            JdbiRunStore store = JdbiRunStore.on(pool);
            try (Crew crew = new Crew(Ledgers.silent(store), 4, seed)) {
                for (int round = 0; round < rounds; round++) {
                    terminated += terminate();
                    crew.awaitEach(1, LIMIT);
                }
                crew.stop(LIMIT);
                check(store, crew.acknowledged());
                System.out.printf(
                        "terminated during calls: seed %d, %d rounds, %d connections ended, %d acknowledged, 0 lost, 0 duplicated,"
                                + " %d typed unknown, %d typed not stored%n",
                        seed, rounds, terminated, crew.acknowledged().size(), crew.unknown(), crew.notStored());
            }
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    private void check(JdbiRunStore store, Acknowledged acknowledged) {
        StoredHistory stored =
                new StoredHistory(StoredRows.read(StoreProfile.POSTGRESQL.plain(url), "")).comparedTo(store.history());
        assertThat(stored.missing(acknowledged.states()))
                .as("acknowledged and lost, seed %d", seed)
                .isEmpty();
        assertThat(stored.faults()).as("seed %d", seed).isEmpty();
        assertThat(stored.eventIds())
                .as("each call one event")
                .isEqualTo(acknowledged.states().keySet());
        assertThat(acknowledged.repeated()).as("events of two calls").isZero();
    }
}
