package dev.runledger.benchmarks;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.jdbi.ConnectionUnit;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.store.StoreException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToDoubleFunction;

/**
 * Measures what many callers notice of a transaction of the application that holds a run and a guard for the whole of a window, while two
 * more callers keep asking for these. In each turn there is a window with it and one without, in random order.
 */
final class HeldCompare {
    private static final int SETTLE_SECONDS = 4;
    private static final RunId HELD = RunId.of("held");
    private static final NewRun GUARDED = NewRun.of("held").target("held");
    private static final List<PeerMetric> SHOWN =
            List.of(PeerMetric.RUNS, PeerMetric.P50, PeerMetric.P99, PeerMetric.P999);

    private final DurableServer server;
    private final int callers;
    private final int seconds;
    private int windows;

    private HeldCompare(DurableServer server, int callers, int seconds) {
        this.server = server;
        this.callers = callers;
        this.seconds = seconds;
    }

    /** Runs {@code held [turns] [callers] [seconds]}. */
    static void main(String[] arguments) throws Exception {
        Arguments given = Arguments.of(arguments);
        int turns = given.number(0, "turns", 1, 5);
        int callers = given.number(1, "callers", 1, 63);
        int seconds = given.number(2, "seconds", 1, 10);
        Logging.quiet(Level.ERROR); // what is less would stand between the lines of the table
        double[][][] values = new double[2][PeerMetric.values().length][turns];
        try (DurableServer server = DurableServer.start()) {
            HeldCompare compare = new HeldCompare(server, callers, seconds);
            compare.window(true); // so that everything is compiled
            for (int turn = 0; turn < turns; turn++) {
                List<Integer> order = new ArrayList<>(List.of(0, 1));
                Collections.shuffle(order);
                for (int held : order) {
                    double[] window = compare.window(held == 1);
                    for (PeerMetric metric : SHOWN) {
                        values[held][metric.ordinal()][turn] = window[metric.ordinal()];
                    }
                }
                System.err.printf("turn %d of %d%n", turn + 1, turns);
            }
        }
        row("", metric -> SHOWN.get(metric).titleWithUnit());
        row("---", metric -> "---");
        row("nothing is held", metric -> figure(index -> Medians.of(values[0][index]), metric));
        row("a run and a guard are held", metric -> figure(index -> Medians.of(values[1][index]), metric));
        row(
                "ratio",
                metric -> Medians.interval(
                        "%.3f",
                        Medians.within(
                                values[1][SHOWN.get(metric).ordinal()],
                                values[0][SHOWN.get(metric).ordinal()],
                                (x, y) -> x / y)));
    }

    private static String figure(IntToDoubleFunction median, int metric) {
        return PeerMetric.figure(median.applyAsDouble(SHOWN.get(metric).ordinal()));
    }

    private static void row(String first, java.util.function.IntFunction<String> cell) {
        StringBuilder row = new StringBuilder("| ").append(first);
        for (int metric = 0; metric < SHOWN.size(); metric++) {
            row.append(" | ").append(cell.apply(metric));
        }
        System.out.println(row.append(" |"));
    }

    private double[] window(boolean held) throws Exception {
        String database = "held_" + windows++;
        String url = server.newDatabase(database);
        double[] measured;
        try (HikariDataSource pool = pool(url);
                LedgerPeer peer = LedgerPeer.on(pool)) {
            peer.ledger().dispatch(NewRun.of("other").id(HELD)).orElseThrow();
            Callers.keep(peer, callers, SETTLE_SECONDS);
            System.gc();
            measured = held
                    ? whileHeld(url, peer)
                    : Callers.keep(peer, callers, seconds).values();
        }
        server.drop(database);
        return measured;
    }

    private double[] whileHeld(String url, LedgerPeer peer) throws Exception {
        ExecutorService asking = Executors.newFixedThreadPool(2);
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            try (ConnectionUnit unit = peer.store().unit(connection)) {
                peer.ledger().in(unit).start(HELD, "holder").orElseThrow();
                peer.ledger().in(unit).dispatch(GUARDED).orElseThrow();
                long end = System.nanoTime() + seconds * 1_000_000_000L;
                Future<?> start =
                        asking.submit(() -> askUntil(end, () -> peer.ledger().start(HELD, Life.WORKER)));
                Future<?> dispatch =
                        asking.submit(() -> askUntil(end, () -> peer.ledger().dispatch(GUARDED)));
                double[] measured = Callers.keep(peer, callers, seconds).values();
                connection.rollback();
                start.get();
                dispatch.get();
                return measured;
            }
        } finally {
            asking.shutdownNow();
        }
    }

    private static void askUntil(long end, Runnable call) {
        while (System.nanoTime() < end) {
            try {
                call.run();
            } catch (StoreException stillHeld) {
                // its time is over, and the next one asks
            }
        }
    }

    private static HikariDataSource pool(String url) throws SQLException, IOException {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(PostgresGround.POOL);
        return pool;
    }
}
