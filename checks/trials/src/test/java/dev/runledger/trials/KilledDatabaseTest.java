package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.faults.DurablePostgres;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.JdbiRunStore;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server is killed with SIGKILL, all its processes at once, under an application that goes on. */
@Timeout(1200)
class KilledDatabaseTest {
    private static final int WRITERS = 6;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(WRITERS);
        config.setConnectionTimeout(500);
        return new HikariDataSource(config);
    }

    @Test
    void everyCallReturnsOrThrowsAndNothingAcknowledgedIsLost() throws Exception {
        int kills = Rounds.of(5, 50);
        long seed = new Random().nextInt(1_000_000);
        Random random = new Random(seed);
        Duration slowest = Duration.ZERO;
        try (DurablePostgres postgres = DurablePostgres.start();
                HikariDataSource pool = pool(postgres.url())) {
            JdbiRunStore store = JdbiRunStore.on(pool);
            try (Crew crew = new Crew(Ledgers.silent(store), WRITERS, seed)) {
                for (int kill = 0; kill < kills; kill++) {
                    crew.awaitEach(1 + random.nextInt(10), LIMIT);
                    LockSupport.parkNanos(random.nextInt(20_000_000)); // else it came always just after a call
                    postgres.kill();
                    if (kill % 5 == 1) { // else it is back before a call gives up
                        crew.awaitFailures(LIMIT);
                    }
                    postgres.restart();
                    Duration recovered = crew.awaitEach(2, LIMIT); // the second is a call that began after the restart
                    slowest = recovered.compareTo(slowest) > 0 ? recovered : slowest;
                    assertThat(recovered).as("seed %d, kill %d", seed, kill).isLessThan(RECOVERY);
                }
                crew.stop(LIMIT);
                assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();

                Acknowledged acknowledged = crew.acknowledged();
                StoredHistory stored =
                        new StoredHistory(StoredRows.read(postgres.dataSource(), "")).comparedTo(store.history());
                assertThat(stored.missing(acknowledged.states()))
                        .as("acknowledged and lost, seed %d", seed)
                        .isEmpty();
                assertThat(stored.faults()).as("seed %d", seed).isEmpty();
                assertThat(stored.eventIds())
                        .as("each call one event")
                        .isEqualTo(acknowledged.states().keySet());
                System.out.printf(
                        "killed database: seed %d, %d kills, %d acknowledged, 0 lost, 0 duplicated, %d typed unknown, %d typed not stored,"
                                + " slowest recovery %d ms, longest call %d ms, 0 connections leaked%n",
                        seed,
                        kills,
                        acknowledged.size(),
                        crew.unknown(),
                        crew.notStored(),
                        slowest.toMillis(),
                        crew.longest().toMillis());
            }
        }
    }
}
