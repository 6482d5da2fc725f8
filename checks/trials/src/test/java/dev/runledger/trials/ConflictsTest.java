package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.faults.FaultyDataSource;
import dev.runledger.faults.Rounds;
import dev.runledger.faults.Servers;
import dev.runledger.jdbi.ConnectionUnit;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A PostgreSQL that reports serialization failures and deadlocks. */
class ConflictsTest {
    private static final String[] CONFLICTS = {"40001", "40P01"};

    private final long seed = Long.getLong("ledger.seed", 20260301L);
    private HikariDataSource pool;

    @BeforeEach
    void open() {
        pool = Servers.pool(Servers.newest().newDatabase(), 4);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    /** Keeps what was acknowledged and counts what was refused; a refused call is made again. */
    private static final class Patient implements RunWriter.Witness {
        private final Acknowledged acknowledged = new Acknowledged();
        private int calls;
        private int failures;

        @Override
        public void calling() {
            calls++;
        }

        @Override
        public void acknowledged(String eventId, String state) {
            acknowledged.add(eventId, state);
        }

        @Override
        public boolean again(StoreException failed) {
            assertThat(failed.certainty()).isEqualTo(Certainty.NOT_STORED);
            assertThat(failed.getMessage()).containsPattern("SQLSTATE 40(001|P01)");
            failures++;
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5})
    void whatIsAcknowledgedIsStoredOnceAndWhatIsNotIsATypedFailure(double share) {
        FaultyDataSource faulty = new FaultyDataSource(pool, seed, 0, CONFLICTS);
        Ledger ledger = Ledgers.silent(JdbiRunStore.on(faulty));
        faulty.share(share);
        Patient patient = new Patient();
        RunWriter writer = new RunWriter(ledger, seed, "run", patient);
        int rounds = Rounds.of(40, 2_000);
        for (int round = 0; round < rounds; round++) {
            writer.life();
        }
        StoredHistory stored = new StoredHistory(StoredRows.read(pool, ""));
        assertThat(stored.missing(patient.acknowledged.states()))
                .as("acknowledged and lost, seed %d", seed)
                .isEmpty();
        assertThat(stored.faults()).as("seed %d", seed).isEmpty();
        assertThat(stored.eventIds()).isEqualTo(patient.acknowledged.states().keySet());
        assertThat(faulty.faults()).isPositive();
        System.out.printf(
                "conflicts in %.0f %% of the statements, seed %d: %d runs, %d calls, %d faults, %d acknowledged, 0 lost,"
                        + " %d typed failures%n",
                100 * share,
                seed,
                rounds,
                patient.calls,
                faulty.faults(),
                patient.acknowledged.size(),
                patient.failures);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void aCallIsMadeAgainUntilItsBudgetIsOver(String state) {
        FaultyDataSource faulty = new FaultyDataSource(pool, seed, 0, state);
        Ledger ledger = Ledgers.silent(
                JdbiRunStore.builder(faulty).callBudget(Duration.ofMillis(500)).build());
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        faulty.share(1);
        assertThatThrownBy(() -> ledger.start(id, "w")).isInstanceOfSatisfying(StoreException.class, failure -> {
            assertThat(failure.certainty()).isEqualTo(Certainty.NOT_STORED);
            assertThat(failure).hasMessageContaining("SQLSTATE " + state + "; " + faulty.faults() + " attempts in ");
        });
        long written = faulty.faults();
        assertThat(written).isGreaterThan(1);
        assertThatThrownBy(() -> ledger.history().run(id)).isInstanceOf(StoreException.class);
        assertThat(faulty.faults()).isGreaterThan(written + 1);
        faulty.share(0);
        assertThat(ledger.start(id, "w").isApplied()).isTrue();
    }

    @Test
    void insideATransactionOfTheApplicationACallIsMadeOnce() throws SQLException {
        FaultyDataSource faulty = new FaultyDataSource(pool, seed, 0, CONFLICTS);
        JdbiRunStore store = JdbiRunStore.on(faulty);
        Ledger ledger = Ledgers.silent(store);
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        try (Connection connection = faulty.getConnection()) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = store.unit(connection)) {
                faulty.share(1);
                assertThatThrownBy(() -> ledger.in(unit).start(id, "w")).isInstanceOf(StoreException.class);
                assertThat(faulty.faults()).isEqualTo(1);
            }
            connection.rollback();
        }
    }
}
