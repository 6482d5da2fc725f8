package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.faults.DurablePostgres;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database is away while handlers finish their work. */
@Timeout(300)
class OutageTest {
    private static final int HANDLERS = 12;

    private final long seed = Long.getLong("ledger.seed", new Random().nextInt(1_000_000));

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(HANDLERS);
        config.setConnectionTimeout(1_000);
        return new HikariDataSource(config);
    }

    @Test
    void theEndOfEachRunIsStored() throws Exception {
        Duration outage = Duration.ofSeconds(Rounds.of(7, 40)); // longer than the budget of a call
        Random random = new Random(seed);
        ExecutorService threads = Executors.newFixedThreadPool(HANDLERS);
        CountDownLatch working = new CountDownLatch(HANDLERS);
        CountDownLatch away = new CountDownLatch(1);
        try (DurablePostgres postgres = DurablePostgres.start();
                HikariDataSource pool = pool(postgres.url())) {
            JdbiRunStore store = JdbiRunStore.on(pool);
            try (Ledger ledger = Ledgers.silent(store)) {
                List<RunId> ids = new ArrayList<>();
                List<Future<Transition>> ends = new ArrayList<>();
                for (int i = 0; i < HANDLERS; i++) {
                    RunId id =
                            ledger.dispatch(NewRun.of("review")).orElseThrow().id();
                    long last = random.nextInt(2_000);
                    ids.add(id);
                    ends.add(threads.submit(() -> ledger.execute(id, "worker", scope -> {
                        working.countDown();
                        away.await();
                        TimeUnit.MILLISECONDS.sleep(last);
                        return RunOutcome.succeeded();
                    })));
                }
                working.await();
                postgres.kill();
                away.countDown();
                Thread.sleep(outage.toMillis());
                long back = System.nanoTime();
                postgres.restart();
                for (Future<Transition> end : ends) {
                    assertThat(end.get(60, TimeUnit.SECONDS).isApplied())
                            .as("seed %d", seed)
                            .isTrue();
                }
                Duration stored = Duration.ofNanos(System.nanoTime() - back);
                for (RunId id : ids) {
                    assertThat(store.history().run(id).orElseThrow().state())
                            .as("seed %d", seed)
                            .isEqualTo(RunState.SUCCEEDED);
                    assertThat(store.history().events(id)).as("seed %d", seed).hasSize(3);
                }
                System.out.printf(
                        "outage: seed %d, %d s, %d of %d ends stored once, the last %d ms after the restart began%n",
                        seed, outage.toSeconds(), HANDLERS, HANDLERS, stored.toMillis());
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
