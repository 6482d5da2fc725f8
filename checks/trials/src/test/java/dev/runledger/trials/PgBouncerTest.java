package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.faults.Rounds;
import dev.runledger.faults.Servers;
import dev.runledger.jdbi.JdbiRunStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A store behind a PgBouncer in transaction mode, with more clients than connections. */
class PgBouncerTest {
    private static final int CLIENTS = 8;
    private static final int CONNECTIONS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final long seed = Long.getLong("ledger.seed", 20260301L);

    @Test
    void withThePrepareThresholdOfTheManualEveryCallIsStored() throws Exception {
        String url = Servers.newest().newDatabase();
        try (PgBouncer bouncer = PgBouncer.start(Servers.newest().port(), CONNECTIONS);
                HikariDataSource pool = Servers.pool(bouncer.before(url) + "&prepareThreshold=0", CLIENTS);
                Ledger ledger = Ledgers.silent(JdbiRunStore.on(pool));
                Crew crew = new Crew(ledger, CLIENTS, seed)) {
            crew.awaitEach(Rounds.of(200, 5_000), LIMIT);
            crew.stop(LIMIT);
            assertThat(crew.unknown() + crew.notStored()).as("seed %d", seed).isZero();
            assertThat(stored(url).eventIds())
                    .as("seed %d", seed)
                    .isEqualTo(crew.acknowledged().states().keySet());
            System.out.printf(
                    "PgBouncer, %d clients, %d connections, seed %d: %d acknowledged, 0 lost, 0 failures%n",
                    CLIENTS, CONNECTIONS, seed, crew.acknowledged().size());
        }
    }

    /** The driver prepares statements on one connection, and the next transaction gets another, unless the PgBouncer is 1.21 or later. */
    @Test
    void withTheDriversDefaultsWhatFailsThrowsAndWhatIsAcknowledgedIsStored() throws Exception {
        String url = Servers.newest().newDatabase();
        try (PgBouncer bouncer = PgBouncer.start(Servers.newest().port(), CONNECTIONS);
                HikariDataSource pool = Servers.pool(bouncer.before(url), CLIENTS);
                Ledger ledger = Ledgers.silent(JdbiRunStore.on(pool));
                Crew crew = new Crew(ledger, CLIENTS, seed)) {
            crew.awaitEach(Rounds.of(200, 5_000), LIMIT);
            crew.stop(LIMIT);
            assertThat(stored(url).missing(crew.acknowledged().states()))
                    .as("acknowledged and lost, seed %d", seed)
                    .isEmpty();
            System.out.printf(
                    "PgBouncer without the setting, seed %d: %d acknowledged, 0 lost, %d failures that were made again%n",
                    seed, crew.acknowledged().size(), crew.unknown() + crew.notStored());
        }
    }

    private static StoredHistory stored(String url) {
        try (HikariDataSource direct = Servers.pool(url, 1)) {
            StoredHistory stored = new StoredHistory(StoredRows.read(direct, ""));
            assertThat(stored.faults()).isEmpty();
            return stored;
        }
    }
}
