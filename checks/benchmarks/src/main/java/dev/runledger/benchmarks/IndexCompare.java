package dev.runledger.benchmarks;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.Ledger;
import dev.runledger.failure.Failure;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.Trigger;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/**
 * Measures what each index costs a run on PostgreSQL: the same runs are written without it, and the WAL and the size on disk are
 * compared. One run of ten fails; each has a project, a target, a delivery and a task.
 */
final class IndexCompare {
    private static final List<String> INDEXES = List.of(
            "ledger_run_newest",
            "ledger_run_workflow",
            "ledger_run_project",
            "ledger_run_target",
            "ledger_run_delivery",
            "ledger_in_flight_guard",
            "ledger_ended_succeeded",
            "ledger_ended_undone",
            "ledger_ended_category",
            "ledger_ended_failed",
            "ledger_task_of_run");

    private IndexCompare() {}

    /** What a run costs. */
    private record Cost(double wal, double disk, double heapOnly) {}

    /** Runs {@code indexes [runs]}. */
    static void main(String[] arguments) throws IOException, SQLException {
        int runs = Arguments.of(arguments).number(0, "runs", 10, 5_000);
        Logging.quiet(Level.ERROR); // what is less would stand between the lines of the table
        try (DurableServer server = DurableServer.start()) {
            Cost all = cost(server, "every", null, runs);
            System.out.printf(
                    Locale.ROOT,
                    "With every index a run costs %.0f bytes of WAL and %.0f bytes on disk; %.1f %% of the updates of runs are heap-only.%n%n",
                    all.wal,
                    all.disk,
                    all.heapOnly);
            System.out.println("| index | WAL bytes a run | bytes on disk a run |");
            System.out.println("| --- | --- | --- |");
            for (String index : INDEXES) {
                Cost without = cost(server, "no_" + index, index, runs);
                System.out.printf(
                        Locale.ROOT, "| `%s` | %.0f | %.0f |%n", index, all.wal - without.wal, all.disk - without.disk);
            }
        }
    }

    private static Cost cost(DurableServer server, String name, String dropped, int runs)
            throws IOException, SQLException {
        String url = server.newDatabase(name);
        Cost cost;
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);
            pool.setMaximumPoolSize(1);
            try (JdbiRunStore store = JdbiRunStore.on(pool);
                    Ledger ledger =
                            Ledger.builder().store(store).sink(new Deaf()).build();
                    Connection connection = server.connect()) {
                if (dropped != null) {
                    execute(pool, "DROP INDEX " + dropped);
                }
                for (int i = 0; i < runs / 10; i++) { // pages are written whole at first
                    life(ledger, -i);
                }
                double disk = number(pool, "SELECT pg_database_size(current_database())");
                double wal = number(connection, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn");
                for (int i = 1; i <= runs; i++) {
                    life(ledger, i);
                }
                wal = (number(connection, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn") - wal) / runs;
                disk = (number(pool, "SELECT pg_database_size(current_database())") - disk) / runs;
                execute(pool, "SELECT pg_stat_force_next_flush()");
                cost = new Cost(
                        wal,
                        disk,
                        number(
                                pool,
                                "SELECT 100.0 * n_tup_hot_upd / n_tup_upd FROM pg_stat_user_tables WHERE relname = 'ledger_run'"));
            }
        }
        server.drop(name);
        return cost;
    }

    private static void life(Ledger ledger, int number) {
        NewRun run = NewRun.of("review")
                .project("acme")
                .target("acme/app#" + number)
                .trigger(Trigger.of("push")
                        .deliveryId("d-" + number)
                        .payload(Payload.json("{\"text\":\"" + "x".repeat(468) + "\"}")));
        RunId id = ledger.dispatch(run).orElseThrow().id();
        ledger.start(id, "worker-1").orElseThrow();
        TaskId task =
                ledger.tasks().start(id, NewTask.of("build")).orElseThrow().id();
        ledger.tasks().succeed(task).orElseThrow();
        if (number % 10 == 0) {
            ledger.fail(id, Failure.of("red", Failure.Category.TIMEOUT)).orElseThrow();
        } else {
            ledger.succeed(id).orElseThrow();
        }
    }

    private static void execute(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static double number(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return number(connection, sql);
        }
    }

    private static double number(Connection connection, String sql) throws SQLException {
        return Double.parseDouble(DurableServer.ask(connection, sql));
    }
}
