package dev.runledger.benchmarks;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.history.RunStatistics;
import dev.runledger.jdbi.Database;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.operations.Operations;
import dev.runledger.operations.RunPolicy;
import dev.runledger.store.LeaseStore;
import dev.runledger.store.RecoveryStore;
import dev.runledger.store.RetentionStore;
import dev.runledger.store.RunStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures what callers notice of a retention that removes nine tenths of many runs, and how long its transactions take. In each turn there is
 * a window with it and one without, in random order; afterwards it goes on alone until it is done.
 */
final class RetentionCompare {
    private static final int CALLERS = 8;
    private static final Duration KEPT = Duration.ofDays(3); // of thirty
    private static final List<PeerMetric> SHOWN = List.of(PeerMetric.RUNS, PeerMetric.P50, PeerMetric.P99);

    private RetentionCompare() {}

    /** Runs {@code retention [runs] [turns] [seconds]}. */
    static void main(String[] arguments) throws Exception {
        Arguments given = Arguments.of(arguments);
        int runs = given.number(0, "runs", ManyRuns.FEWEST, 560_000);
        int turns = given.number(1, "turns", 1, 5);
        int seconds = given.number(2, "seconds", 1, 10);
        Logging.quiet(Level.ERROR); // what is less would stand between the lines of the table
        Path folder = Files.createTempDirectory("ledger-retention-");
        try (ReadGround ground = ReadGround.of(Database.POSTGRESQL, folder)) {
            ground.start();
            try (HikariDataSource pool = pool(ground.url());
                    LedgerPeer peer = LedgerPeer.on(pool)) {
                try (Connection connection = DriverManager.getConnection(ground.url())) {
                    ManyRuns.untilNow(Database.POSTGRESQL, runs).fill(connection);
                }
                measure(ground.url(), peer, turns, seconds);
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private static HikariDataSource pool(String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(PostgresGround.POOL);
        return pool;
    }

    private static void measure(String url, LedgerPeer peer, int turns, int seconds) throws Exception {
        AtomicLong slowest = new AtomicLong();
        RunStore timed = timed(peer.store(), slowest);
        String inFlight = "SELECT count(*) || ' ' || md5(string_agg(r::text, ',' ORDER BY r.id)) FROM ledger_run r"
                + " JOIN ledger_in_flight f ON f.run_id = r.id";
        String before = ask(url, inFlight);
        System.out.printf(
                "%s events of %s runs%n",
                ask(url, "SELECT count(*) FROM ledger_event"), ask(url, "SELECT count(*) FROM ledger_run"));
        double[][][] values = new double[2][PeerMetric.values().length][turns];
        Callers.Kept warm = Callers.keep(peer, CALLERS, seconds);
        System.err.printf("%d runs to warm up%n", warm.runs());
        long removed = 0;
        for (int turn = 0; turn < turns; turn++) {
            List<Integer> order = new ArrayList<>(List.of(0, 1));
            Collections.shuffle(order);
            for (int on : order) {
                System.gc();
                double[] window;
                if (on == 1) {
                    try (Ledger ledger = deaf(timed);
                            Operations operations = operations(ledger).start()) {
                        window = Callers.keep(peer, CALLERS, seconds).values();
                        removed += operations.counters().removedRuns();
                    }
                } else {
                    window = Callers.keep(peer, CALLERS, seconds).values();
                }
                for (PeerMetric metric : SHOWN) {
                    values[on][metric.ordinal()][turn] = window[metric.ordinal()];
                }
            }
            System.err.printf("turn %d of %d, %d runs removed%n", turn + 1, turns, removed);
        }
        long begun = System.nanoTime();
        long rest;
        try (Ledger ledger = deaf(timed)) {
            Operations operations = operations(ledger);
            if (!operations.removeExpired()) {
                throw new IllegalStateException("the retention did not run");
            }
            rest = operations.counters().removedRuns();
        }
        long took = (System.nanoTime() - begun) / 1_000_000;
        table(values);
        System.out.printf(
                "%d runs removed beside the callers, %d more alone in %d ms; the slowest transaction took %d ms; runs in flight %s%n",
                removed,
                rest,
                took,
                slowest.get() / 1_000_000,
                before.equals(ask(url, inFlight)) ? "as they were" : "CHANGED");
        System.out.printf("%s events are left%n", ask(url, "SELECT count(*) FROM ledger_event"));
    }

    private static Ledger deaf(RunStore store) {
        return Ledger.builder().store(store).sink(new Deaf()).build();
    }

    private static Operations operations(Ledger ledger) {
        return Operations.builder(ledger)
                .policy(RunPolicy.defaults().keep(KEPT))
                .removeEvery(Duration.ofSeconds(1))
                .build();
    }

    private static void table(double[][][] values) {
        StringBuilder head = new StringBuilder("|  ");
        StringBuilder rule = new StringBuilder("| --- ");
        StringBuilder off = new StringBuilder("| nothing is removed ");
        StringBuilder on = new StringBuilder("| runs are removed ");
        StringBuilder ratio = new StringBuilder("| ratio ");
        for (PeerMetric metric : SHOWN) {
            int index = metric.ordinal();
            head.append("| ").append(metric.titleWithUnit()).append(' ');
            rule.append("| --- ");
            off.append("| ")
                    .append(PeerMetric.figure(Medians.of(values[0][index])))
                    .append(' ');
            on.append("| ")
                    .append(PeerMetric.figure(Medians.of(values[1][index])))
                    .append(' ');
            ratio.append("| ")
                    .append(Medians.interval(
                            "%.3f", Medians.within(values[1][index], values[0][index], (x, y) -> x / y)))
                    .append(' ');
        }
        for (StringBuilder row : List.of(head, rule, off, on, ratio)) {
            System.out.println(row.append('|'));
        }
    }

    /** Returns the store with a watch on its removals. */
    private static RunStore timed(JdbiRunStore store, AtomicLong slowest) {
        Class<?>[] ports = {
            RunStore.class, RunStatistics.class, LeaseStore.class, RecoveryStore.class, RetentionStore.class
        };
        return (RunStore) Proxy.newProxyInstance(
                RetentionCompare.class.getClassLoader(), ports, (proxy, method, given) -> {
                    long begun = System.nanoTime();
                    try {
                        return method.invoke(store, given);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    } finally {
                        if (method.getName().equals("remove")) {
                            slowest.accumulateAndGet(System.nanoTime() - begun, Math::max);
                        }
                    }
                });
    }

    private static String ask(String url, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(url)) {
            return DurableServer.ask(connection, sql);
        }
    }
}
