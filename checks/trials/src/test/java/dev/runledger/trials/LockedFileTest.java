package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.faults.Crowd;
import dev.runledger.faults.Rounds;
import dev.runledger.faults.Servers;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another process holds the write lock of a SQLite file, and many writers of one store wait for it. */
@Timeout(600)
class LockedFileTest {
    private static final int WRITERS = 16;
    private static final Duration BUDGET = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final int STEPS = 4;

    private final long seed = Long.getLong("ledger.seed", new Random().nextInt(1_000_000));
    private final Crowd crowd = new Crowd(WRITERS);

    @TempDir
    private Path folder;

    @AfterEach
    void dismiss() {
        crowd.close();
    }

    /** What came of a write, and how long it took. */
    private record Took(Duration time, boolean queued) {}

    private static Took write(Ledger ledger) {
        long begun = System.nanoTime();
        boolean queued = true;
        try {
            ledger.dispatch(NewRun.of("review")).orElseThrow();
        } catch (StoreException locked) {
            assertThat(locked.certainty()).isEqualTo(StoreException.Certainty.NOT_STORED);
            queued = false;
        }
        return new Took(Duration.ofNanos(System.nanoTime() - begun), queued);
    }

    @ParameterizedTest(name = "behind a pool {0}")
    @ValueSource(booleans = {false, true})
    void noWriterWaitsPastItsBudget(boolean pooled) throws Exception {
        Path file = folder.resolve("runs.db");
        HikariDataSource pool = pooled ? Servers.pool("jdbc:sqlite:" + file + "?busy_timeout=15000", WRITERS) : null;
        JdbiRunStore.Builder builder = pool == null ? JdbiRunStore.builder(file) : JdbiRunStore.builder(pool);
        try (JdbiRunStore store = builder.callBudget(BUDGET).build();
                Ledger ledger = Ledgers.silent(store);
                Hiccups hiccups = new Hiccups()) {
            locked(file, ledger, hiccups, pooled ? "behind a pool" : "in a file of the store");
        } finally {
            if (pool != null) {
                pool.close();
            }
        }
    }

    private void locked(Path file, Ledger ledger, Hiccups hiccups, String where) throws Exception {
        int rounds = Rounds.of(2, 20);
        Random random = new Random(seed);
        Duration longest = Duration.ZERO;
        int refused = 0;
        try (Connection foreign = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = foreign.createStatement()) {
            for (int round = 0; round < rounds; round++) {
                int ahead = random.nextInt(100);
                statement.execute("BEGIN IMMEDIATE");
                for (Took each : crowd.atOnce(writer -> {
                    Thread.sleep(writer == 0 ? 0 : random.nextInt(ahead + 1));
                    return write(ledger);
                })) {
                    assertThat(each.queued()).as("seed %d", seed).isFalse();
                    assertThat(each.time()).as("seed %d", seed).isLessThan(hiccups.allowing(BUDGET.plus(GRACE), STEPS));
                    longest = longest.compareTo(each.time()) < 0 ? each.time() : longest;
                    refused++;
                }
                statement.execute("ROLLBACK");
            }
        }
        assertThat(write(ledger).queued()).as("it works again, seed %d", seed).isTrue();
        assertThat(ledger.history().page(RunQuery.all()).runs())
                .as("nothing of a refused call is stored, seed %d", seed)
                .hasSize(1);
        System.out.printf(
                "locked file, %s: seed %d, %d rounds of %d writers, budget %d ms: %d refused, the longest after %d ms,"
                        + " the machine late by at most %d ms%n",
                where,
                seed,
                rounds,
                WRITERS,
                BUDGET.toMillis(),
                refused,
                longest.toMillis(),
                hiccups.longest().toMillis());
    }
}
