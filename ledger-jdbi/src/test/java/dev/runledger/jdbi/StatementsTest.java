package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.failure.Failure;
import dev.runledger.faults.CountingDataSource;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.state.RunState;
import dev.runledger.store.StoreCommand.Head;
import dev.runledger.store.TaskChange;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a call reads: no more than it needs. */
@ParameterizedClass
@EnumSource(Database.class)
class StatementsTest {
    private static final TaskId TASK = TaskId.of("task");
    private static final String READS_EVENTS = "FROM \"ledger_event\" e WHERE e.run_id = ? AND e.task_id = ?";
    private static final TaskRun.Result NOTHING = TaskRun.Result.nothing();

    private final Database database;

    @TempDir
    private Path folder;

    private CountingDataSource counting;
    private TestStore bench;

    StatementsTest(Database database) {
        this.database = database;
    }

    @BeforeEach
    void open() {
        bench = TestStore.open(database, folder, pool -> counting = new CountingDataSource(pool));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aTransitionOfATaskReadsNoEvents() {
        RunId run = bench.running("review");
        counting.reset();
        apply(new TaskChange.Start(run, NewTask.of("build").id(TASK), Head.of()));
        apply(new TaskChange.Fail(TASK, Failure.of("red"), NOTHING, Head.of()));
        apply(new TaskChange.Retry(TASK, Head.of()));
        apply(new TaskChange.Succeed(TASK, NOTHING, Head.of()));
        assertThat(eventReads()).isEmpty();
    }

    @Test
    void aRepeatedEndOfATaskReadsItsEventsOnce() {
        RunId run = bench.running("review");
        apply(new TaskChange.Start(run, NewTask.of("build").id(TASK), Head.of()));
        apply(new TaskChange.Succeed(TASK, NOTHING, Head.of()));
        counting.reset();
        assertThat(bench.store()
                        .apply(new TaskChange.Succeed(TASK, NOTHING, Head.of()))
                        .result())
                .isEqualTo(CallOutcome.Result.ALREADY);
        assertThat(eventReads()).hasSize(1);
    }

    @Test
    void theStateOfARunIsReadWithoutTheRestOfIt() {
        RunId run = bench.running("review");
        counting.reset();
        assertThat(bench.store().history().state(run)).contains(RunState.RUNNING);
        assertThat(counting.statements())
                .singleElement()
                .asString()
                .startsWith("SELECT r.state, r.execution FROM")
                .doesNotContain("payload");
        assertThat(bench.store().history().state(RunId.of("absent"))).isEmpty();
    }

    private void apply(TaskChange change) {
        assertThat(bench.store().apply(change).isApplied()).isTrue();
    }

    /** Returns the statements that read the events of a task or a run; a condition inside a write does not count. */
    private List<String> eventReads() {
        return counting.statements().stream()
                .filter(sql -> sql.startsWith("SELECT") && sql.contains(READS_EVENTS))
                .toList();
    }
}
