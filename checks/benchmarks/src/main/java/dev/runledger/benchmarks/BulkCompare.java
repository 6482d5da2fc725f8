package dev.runledger.benchmarks;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.jdbi.ConnectionUnit;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.sink.EventSink;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Measures many dispatches by one caller on PostgreSQL: one after the other, at once, and inside a transaction of the application; with a
 * queued sink that takes 100 microseconds for an event, and what it did not get.
 */
final class BulkCompare {
    private static final long SINK_NANOS = 100_000;

    private BulkCompare() {}

    /** A way to dispatch them. */
    private interface Way {
        void dispatch(Ledger ledger, JdbiRunStore store, HikariDataSource pool, List<NewRun> runs) throws SQLException;
    }

    private enum Kind implements Way {
        ONE_AFTER_THE_OTHER {
            @Override
            public void dispatch(Ledger ledger, JdbiRunStore store, HikariDataSource pool, List<NewRun> runs) {
                runs.forEach(run -> queued(ledger.dispatch(run)));
            }
        },
        AT_ONCE {
            @Override
            public void dispatch(Ledger ledger, JdbiRunStore store, HikariDataSource pool, List<NewRun> runs) {
                ledger.dispatchAll(runs).forEach(BulkCompare::queued);
            }
        },
        IN_A_TRANSACTION {
            @Override
            public void dispatch(Ledger ledger, JdbiRunStore store, HikariDataSource pool, List<NewRun> runs)
                    throws SQLException {
                try (Connection connection = pool.getConnection()) {
                    connection.setAutoCommit(false);
                    try (ConnectionUnit unit = store.unit(connection)) {
                        ledger.in(unit).dispatchAll(runs).forEach(BulkCompare::queued);
                        connection.commit();
                        unit.committed();
                    }
                }
            }
        };

        String title() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private static void queued(Dispatch dispatch) {
        if (!(dispatch instanceof Dispatch.Queued)) {
            throw new IllegalStateException("not queued: " + dispatch);
        }
    }

    /** Runs {@code bulk [turns] [runs]}. */
    static void main(String[] arguments) throws IOException, SQLException {
        Arguments given = Arguments.of(arguments);
        int turns = given.number(0, "turns", 1, 5);
        int runs = given.number(1, "runs", 1, 10_000);
        Logging.quiet(Level.ERROR); // what is less would stand between the lines of the table
        System.out.printf("%d runs%n%n| dispatched | ms | events not delivered |%n| --- | --- | --- |%n", runs);
        try (DurableServer server = DurableServer.start()) {
            window(server, "warm_up", Kind.AT_ONCE, runs);
            double[][] millis = new double[Kind.values().length][turns];
            long[] dropped = new long[Kind.values().length];
            for (int turn = 0; turn < turns; turn++) {
                for (Kind kind : Kind.values()) {
                    String database = "bulk_%d_%d".formatted(turn, kind.ordinal());
                    Measured measured = window(server, database, kind, runs);
                    millis[kind.ordinal()][turn] = measured.millis;
                    dropped[kind.ordinal()] += measured.dropped;
                }
            }
            for (Kind kind : Kind.values()) {
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.0f | %d |%n",
                        kind.title(),
                        Medians.of(millis[kind.ordinal()]),
                        dropped[kind.ordinal()]);
            }
        }
    }

    private record Measured(double millis, long dropped) {}

    private static Measured window(DurableServer server, String database, Kind kind, int many)
            throws IOException, SQLException {
        String url = server.newDatabase(database);
        EventSink sink = event -> LockSupport.parkNanos(SINK_NANOS);
        List<NewRun> runs = IntStream.range(0, many)
                .mapToObj(i -> NewRun.of("import").target("file-" + i))
                .toList();
        Measured measured;
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);
            pool.setMaximumPoolSize(PostgresGround.POOL);
            try (JdbiRunStore store = JdbiRunStore.on(pool);
                    Ledger ledger = Ledger.builder().store(store).sink(sink).build()) {
                long begun = System.nanoTime();
                kind.dispatch(ledger, store, pool, runs);
                double millis = (System.nanoTime() - begun) / 1e6;
                if (!ledger.events().flush(Duration.ofMinutes(5))) {
                    throw new IllegalStateException("the sink did not take its events in five minutes");
                }
                measured = new Measured(
                        millis, ledger.events().counters().sinks().get(0).dropped());
            }
        }
        server.drop(database);
        return measured;
    }
}
