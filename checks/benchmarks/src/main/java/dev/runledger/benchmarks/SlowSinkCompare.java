package dev.runledger.benchmarks;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.sink.EventSink;
import dev.runledger.store.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures what a caller notices of a queued sink that sleeps 50 milliseconds over each event, so that its queue is full before long: many
 * transitions with it and as many without it, in turns. Both ways have an inline sink, so that each event is built.
 */
final class SlowSinkCompare {
    private static final long SLEEP_MILLIS = 50;
    private static final String SLOW = "slow";

    private final Path folder;
    private final DurableServer server;
    private int windows;

    private SlowSinkCompare(Path folder, DurableServer server) {
        this.folder = folder;
        this.server = server;
    }

    private enum Kind {
        MEMORY,
        SQLITE,
        POSTGRESQL
    }

    /** What a window came to: its laps, sorted, and the events that the slow sink did not get. */
    private record Measured(double[] micros, long dropped) {
        double quantile(double part) {
            return micros[(int) (part * (micros.length - 1))];
        }
    }

    /** Runs {@code slow [turns] [transitions] [stores]}. */
    static void main(String[] arguments) throws Exception {
        Arguments given = Arguments.of(arguments);
        int turns = given.number(0, "turns", 1, 5);
        int transitions = given.number(1, "transitions", Life.TRANSITIONS, 20_000);
        List<Kind> kinds = given.constants(2, "stores", Kind.class);
        Logging.quiet(Level.ERROR); // what is less would stand between the lines of the table
        Path folder = Files.createTempDirectory("ledger-benchmark-");
        try (DurableServer server = DurableServer.start()) {
            SlowSinkCompare compare = new SlowSinkCompare(folder, server);
            System.out.printf(
                    "%d transitions, %d turns%n%n| store | p50 µs without | with | more, µs | p99 µs without | with |"
                            + " ratio | not delivered |%n| --- | --- | --- | --- | --- | --- | --- | --- |%n",
                    transitions, turns);
            for (Kind kind : kinds) {
                compare.compare(kind, turns, transitions / Life.TRANSITIONS);
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private void compare(Kind kind, int turns, int runs) throws Exception {
        window(kind, false, runs); // so that everything is compiled
        window(kind, true, runs);
        double[][] medians = new double[2][turns];
        double[][] tails = new double[2][turns];
        long dropped = 0;
        for (int turn = 0; turn < turns; turn++) {
            for (int each = 0; each < 2; each++) {
                int slow = turn % 2 == 0 ? each : 1 - each; // who comes first changes from turn to turn
                Measured measured = window(kind, slow == 1, runs);
                medians[slow][turn] = measured.quantile(0.5);
                tails[slow][turn] = measured.quantile(0.99);
                dropped += measured.dropped();
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %s | %.1f | %.1f | %s | %d of %d |%n",
                kind.name().toLowerCase(Locale.ROOT),
                Medians.of(medians[0]),
                Medians.of(medians[1]),
                Medians.interval("%.1f", Medians.within(medians[1], medians[0], (x, y) -> x - y)),
                Medians.of(tails[0]),
                Medians.of(tails[1]),
                Medians.interval("%.2f", Medians.within(tails[1], tails[0], (x, y) -> x / y)),
                dropped,
                (long) turns * runs * (Life.TRANSITIONS + 1)); // an end has two events
    }

    private Measured window(Kind kind, boolean slow, int runs) throws IOException, SQLException {
        String name = "slow_" + windows++;
        Measured measured;
        switch (kind) {
            case MEMORY -> measured = measured(RunStore.inMemory(), slow, runs);
            case SQLITE -> {
                try (JdbiRunStore store = JdbiRunStore.sqlite(folder.resolve(name))) {
                    measured = measured(store, slow, runs);
                }
            }
            case POSTGRESQL -> {
                try (HikariDataSource pool = new HikariDataSource()) {
                    pool.setJdbcUrl(server.newDatabase(name));
                    pool.setMaximumPoolSize(PostgresGround.POOL);
                    try (JdbiRunStore store = JdbiRunStore.on(pool)) {
                        measured = measured(store, slow, runs);
                    }
                }
                server.drop(name);
            }
            default -> throw new IllegalArgumentException(kind.name());
        }
        return measured;
    }

    private static Measured measured(RunStore store, boolean slow, int runs) throws SQLException {
        LongAdder seen = new LongAdder();
        Ledger.Builder builder = Ledger.builder().store(store).sink(EventSink.inline(event -> seen.increment()));
        if (slow) {
            builder.sink(EventSink.named(SLOW, event -> Thread.sleep(SLEEP_MILLIS)));
        }
        Ledger ledger = builder.build();
        System.gc();
        Laps laps = new Laps();
        for (int i = 0; i < runs; i++) {
            Life.timed(ledger, "run-" + i, laps);
        }
        long dropped = 0;
        if (slow) {
            ledger.events().close(Duration.ZERO);
            dropped = ledger.events().counters().sink(SLOW).dropped();
        }
        ledger.close();
        if (seen.sum() != (long) runs * (Life.TRANSITIONS + 1)) {
            throw new IllegalStateException("the inline sink got %d events of %d runs".formatted(seen.sum(), runs));
        }
        return new Measured(Laps.sortedMicros(List.of(laps)), dropped);
    }
}
