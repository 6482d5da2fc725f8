package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.faults.Crowd;
import dev.runledger.faults.DurablePostgres;
import dev.runledger.faults.Rounds;
import dev.runledger.faults.Servers;
import dev.runledger.faults.TcpProxy;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that swallows what is sent to it and answers nothing, under threads that share a pool. */
@Timeout(600)
class BlackHoleTest {
    private static final int THREADS = 8;
    private static final int CONNECTIONS = 4;
    private static final Duration BUDGET = Duration.ofSeconds(2);
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final int STEPS = 4; // of a call: the pool, the statement, its cancellation, a pause

    private final long seed = Long.getLong("ledger.seed", new Random().nextInt(1_000_000));
    private final Crowd crowd = new Crowd(THREADS);
    private TcpProxy proxy;
    private HikariDataSource pool;
    private Ledger ledger;

    @BeforeEach
    void connect() {
        DurablePostgres server = Servers.newest();
        proxy = new TcpProxy("127.0.0.1", server.port());
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.newDatabase().replace(":" + server.port() + "/", ":" + proxy.port() + "/"));
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(500);
        config.setValidationTimeout(250);
        pool = new HikariDataSource(config);
        ledger = Ledgers.silent(JdbiRunStore.builder(pool).callBudget(BUDGET).build());
    }

    @AfterEach
    void disconnect() {
        crowd.close();
        ledger.close();
        proxy.pass();
        proxy.reset();
        pool.close();
        proxy.close();
    }

    /** Lists the calls that are made. */
    private enum Kind {
        WRITE,
        READ,
        PAGE,
        AWAIT
    }

    /** One call, and how long it took. */
    private record Took(Kind kind, Duration time, boolean failed) {}

    private Took call(Kind kind, RunId id) throws InterruptedException {
        long begun = System.nanoTime();
        boolean failed = false;
        try {
            switch (kind) {
                case WRITE -> ledger.start(id, "worker").orElseThrow();
                case READ -> ledger.history().run(id).orElseThrow();
                case PAGE -> ledger.history().page(RunQuery.all());
                case AWAIT -> failed = ledger.await(id, WAIT).isEmpty();
            }
        } catch (StoreException unreachable) {
            failed = true;
        }
        return new Took(kind, Duration.ofNanos(System.nanoTime() - begun), failed);
    }

    private List<RunId> queued() {
        List<RunId> ids = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            ids.add(ledger.dispatch(NewRun.of("review")).orElseThrow().id());
        }
        return ids;
    }

    @Test
    void nothingWaitsPastItsBudget() throws Exception {
        int rounds = Rounds.of(2, 20);
        Random random = new Random(seed);
        List<Took> all = new ArrayList<>();
        try (Hiccups hiccups = new Hiccups()) {
            for (int round = 0; round < rounds; round++) {
                List<RunId> ids = queued();
                List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
                Collections.shuffle(kinds, random); // the first meets live connections, the others an empty pool
                proxy.blackHole();
                for (Kind kind : kinds) {
                    all.addAll(crowd.atOnce(thread -> call(kind, ids.get(thread))));
                }
                proxy.reset();
                proxy.pass();
            }
            for (Took each : all) {
                Duration bound = each.kind() == Kind.AWAIT ? WAIT : BUDGET;
                assertThat(each.time())
                        .as("%s, seed %d", each.kind(), seed)
                        .isLessThan(hiccups.allowing(bound.plus(GRACE), STEPS));
                assertThat(each.failed()).as("%s, seed %d", each.kind(), seed).isTrue();
            }
            assertThat(ledger.start(queued().get(0), "worker").isApplied())
                    .as("it works again, seed %d", seed)
                    .isTrue();
            System.out.printf(
                    "no answer: seed %d, %d rounds of %d threads on %d connections, budget %d ms: longest write %d ms, read %d ms,"
                            + " page %d ms,"
                            + " await of %d ms %d ms, the machine late by at most %d ms%n",
                    seed,
                    rounds,
                    THREADS,
                    CONNECTIONS,
                    BUDGET.toMillis(),
                    longest(all, Kind.WRITE),
                    longest(all, Kind.READ),
                    longest(all, Kind.PAGE),
                    WAIT.toMillis(),
                    longest(all, Kind.AWAIT),
                    hiccups.longest().toMillis());
        }
    }

    private static long longest(List<Took> all, Kind kind) {
        return all.stream()
                .filter(each -> each.kind() == kind)
                .mapToLong(each -> each.time().toMillis())
                .max()
                .orElse(0);
    }
}
