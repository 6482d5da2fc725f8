package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.nio.file.Path;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On PostgreSQL a change of a run or a task writes its row within its page and touches no index. */
class HeapOnlyTest {
    private static final int RUNS = 400;

    @TempDir
    private Path folder;

    @Test
    void nearlyAllUpdatesAreHeapOnly() {
        try (TestStore bench = TestStore.open(Database.POSTGRESQL, folder)) {
            for (int i = 0; i < RUNS; i++) {
                live(bench.store(), RunId.of("run-" + i));
            }
            for (String table : new String[] {"ledger_run", "ledger_task"}) {
                double share = Jdbi.create(bench.pool()).withHandle(handle -> {
                    handle.execute("SELECT pg_stat_force_next_flush()");
                    return handle.createQuery("SELECT 1.0 * n_tup_hot_upd / n_tup_upd FROM pg_stat_user_tables"
                                    + " WHERE relname = :table AND n_tup_upd >= :runs")
                            .bind("table", table)
                            .bind("runs", RUNS)
                            .mapTo(Double.class)
                            .one();
                });
                assertThat(share).as(table).isGreaterThan(0.95);
            }
        }
    }

    private static void live(JdbiRunStore store, RunId id) {
        NewRun run = NewRun.of("review").id(id).project("acme").target("acme/app#" + id);
        TaskId task = TaskId.of(id + "-task");
        store.apply(new StoreCommand.DispatchRun(run, Head.of())).orElseThrow();
        store.apply(new RunChange.Start(id, "w", Head.of())).orElseThrow();
        store.apply(new TaskChange.Start(id, NewTask.of("build").id(task), Head.of()))
                .orElseThrow();
        store.apply(new TaskChange.Succeed(task, TaskRun.Result.nothing(), Head.of()))
                .orElseThrow();
        store.apply(new RunChange.Succeed(id, Head.of())).orElseThrow();
    }
}
