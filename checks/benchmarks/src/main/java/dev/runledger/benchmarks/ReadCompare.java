package dev.runledger.benchmarks;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.Database;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.run.TaskId;
import dev.runledger.state.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Measures what reads take in a store of very many runs. Cold is the first read of a connection after the server was started again, or of
 * a file that was opened again: the caches of the database are empty, those of the operating system are not. Warm is the median and the
 * slowest but one of those that follow.
 */
final class ReadCompare {
    private static final int WARM = 20;

    private ReadCompare() {}

    /** Runs {@code reads [runs] [databases]}. */
    static void main(String[] arguments) throws Exception {
        Arguments given = Arguments.of(arguments);
        int runs = given.number(0, "runs", ManyRuns.FEWEST, 1_000_000);
        List<Database> databases = given.constants(1, "databases", Database.class);
        Logging.quiet(Level.ERROR); // what is less would stand between the lines of the table
        Path folder = Files.createTempDirectory("ledger-reads-");
        try {
            for (Database database : databases) {
                try (ReadGround ground = ReadGround.of(database, folder)) {
                    measure(ground, ManyRuns.untilNow(database, runs));
                }
            }
        } finally {
            Folders.delete(folder);
        }
    }

    private static void measure(ReadGround ground, ManyRuns many) throws IOException, SQLException {
        ground.start();
        try (HikariDataSource pool = pool(ground)) {
            JdbiRunStore.on(pool).close(); // which makes the tables
            System.out.printf("%s: %,d runs are filled in%n", ground, many.runs());
            try (Connection connection = pool.getConnection()) {
                many.fill(connection);
            }
        }
        System.out.printf("%n| %s, %,d runs | rows | cold ms | warm ms | slow ms |%n", ground, many.runs());
        System.out.println("| --- | --- | --- | --- | --- |");
        for (Map.Entry<String, ToIntFunction<JdbiRunStore>> read : reads(many).entrySet()) {
            ground.restart();
            try (HikariDataSource pool = pool(ground);
                    JdbiRunStore store = JdbiRunStore.on(pool)) {
                line(read.getKey(), read.getValue(), store);
            }
        }
        System.out.printf("%n%s on disk: %,d bytes a run%n%n", ground, ground.bytes() / many.runs());
    }

    private static HikariDataSource pool(ReadGround ground) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(ground.url());
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    private static void line(String name, ToIntFunction<JdbiRunStore> read, JdbiRunStore store) {
        double[] took = new double[WARM + 1];
        int rows = 0;
        for (int i = 0; i <= WARM; i++) {
            long start = System.nanoTime();
            rows = read.applyAsInt(store);
            took[i] = (System.nanoTime() - start) / 1e6;
        }
        double[] warm = Arrays.copyOfRange(took, 1, took.length);
        Arrays.sort(warm);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.1f | %.1f | %.1f |%n",
                name,
                rows,
                took[0],
                Medians.of(warm),
                warm[WARM - 2]);
    }

    // ---- what is read

    private static Map<String, ToIntFunction<JdbiRunStore>> reads(ManyRuns many) {
        Map<String, ToIntFunction<JdbiRunStore>> reads = new LinkedHashMap<>();
        int middle = many.runs() / 2;
        reads.put("page", page(RunQuery.builder()));
        reads.put("page, in the middle", page(after(many, middle)));
        reads.put("page, the last", page(after(many, 51)));
        reads.put("of a project", page(RunQuery.builder().project("project-7")));
        reads.put("of a project, in the middle", page(after(many, middle).project("project-7")));
        reads.put("of no project that is there", page(RunQuery.builder().project("absent")));
        reads.put("of a workflow", page(RunQuery.builder().workflowName("workflow-3")));
        reads.put("of a workflow, in the middle", page(after(many, middle).workflowName("workflow-3")));
        reads.put("of no workflow that is there", page(RunQuery.builder().workflowName("absent")));
        reads.put("of a target", page(RunQuery.builder().target(Target.of("acme/app#7"))));
        reads.put("of no target that is there", page(RunQuery.builder().target(Target.of("absent"))));
        reads.put("of a delivery", page(RunQuery.builder().deliveryId("d-" + middle)));
        reads.put("of no delivery that is there", page(RunQuery.builder().deliveryId("absent")));
        reads.put("of a parent without children", page(RunQuery.builder().parentRunId(RunId.of(ManyRuns.id(middle)))));
        for (RunState state : RunState.values()) {
            reads.put("in " + state, page(RunQuery.builder().states(state)));
        }
        reads.put("FAILED, in the middle", page(after(many, middle).states(RunState.FAILED)));
        reads.put("FAILED or CANCELLED", page(RunQuery.builder().states(RunState.FAILED, RunState.CANCELLED)));
        reads.put("FAILED of a workflow that fails", page(failed().workflowName("workflow-16")));
        reads.put("FAILED of a workflow that does not", page(failed().workflowName("workflow-3")));
        reads.put("FAILED of a project", page(failed().project("project-16")));
        reads.put("by a category", page(RunQuery.builder().errorCategory(Failure.Category.TIMEOUT)));
        reads.put("by a rare category", page(RunQuery.builder().errorCategory(Failure.Category.RATE_LIMIT)));
        reads.put("by a category that did not occur", page(RunQuery.builder().errorCategory(Failure.Category.BUG)));
        reads.put("by a trigger", page(RunQuery.builder().trigger("push")));
        reads.put(
                "by a rare trigger, of a day",
                page(RunQuery.builder().trigger("manual").from(many.queuedAt(many.runs() - many.runs() / 30))));
        reads.put("by a rare trigger", page(RunQuery.builder().trigger("manual")));
        reads.put("by a part of the reason", page(RunQuery.builder().reasonContains("503")));
        reads.put(
                "by a part that no reason has, of a day",
                page(RunQuery.builder().reasonContains("absent").from(many.queuedAt(many.runs() - many.runs() / 30))));
        reads.put("by a part that no reason has", page(RunQuery.builder().reasonContains("absent")));
        reads.put("snapshot of a day", store -> {
            var snapshot = store.snapshot(Duration.ofDays(1));
            return snapshot.inFlight().size() + snapshot.failing().size();
        });
        reads.put(
                "snapshot of a week",
                store -> store.snapshot(Duration.ofDays(7)).failing().size());
        RunId run = RunId.of(ManyRuns.id(middle));
        reads.put("run", store -> store.history().run(run).isPresent() ? 1 : 0);
        reads.put("events", store -> store.history().events(run).size());
        reads.put("tasks", store -> store.history().tasks(run).size());
        reads.put(
                "task",
                store ->
                        store.history().task(TaskId.of("task-" + middle + "-1")).isPresent() ? 1 : 0);
        return reads;
    }

    private static RunQuery.Builder failed() {
        return RunQuery.builder().states(RunState.FAILED);
    }

    private static RunQuery.Builder after(ManyRuns many, int number) {
        RunQuery.Position position = new RunQuery.Position(many.queuedAt(number), ManyRuns.id(number));
        return RunQuery.builder().after(position.text());
    }

    private static ToIntFunction<JdbiRunStore> page(RunQuery.Builder query) {
        RunQuery asked = query.limit(50).build();
        return store -> {
            RunHistory.Page page = store.history().page(asked);
            if (!page.unreadable().isEmpty()) {
                throw new IllegalStateException("unreadable: " + page.unreadable());
            }
            return page.runs().size();
        };
    }
}
