package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.faults.CountingDataSource;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.state.RunState;
import dev.runledger.store.RecoveryStore.Kind;
import dev.runledger.store.RetentionStore.Expired;
import dev.runledger.store.RetentionStore.Rule;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunImport;
import dev.runledger.store.StoreCommand.DispatchRun;
import dev.runledger.store.StoreCommand.Head;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operations do costs what is in flight or what is removed: no table that grows with the history is read as a whole. */
class UpkeepPlansTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant LONG_AGO = Instant.parse("2020-02-02T02:02:02Z");
    private static final List<String> GROWING =
            List.of("run", "event", "ended", "task", "payload", "delivery", "refusal");

    @TempDir
    private Path folder;

    private final RunId ended = RunId.of("ended");
    private final RunId erased = RunId.of("erased");
    private final RunId waiting = RunId.of("waiting");

    /** Makes a few runs of each kind, by the store. */
    private void begin(JdbiRunStore store) {
        Trigger trigger = Trigger.of("push").payload(Payload.stored(null, "res://a", 9, null, false));
        for (RunId id : List.of(ended, erased)) {
            store.apply(RunImport.of(NewRun.of("review").id(id).trigger(trigger), LONG_AGO)
                            .started(LONG_AGO, "w")
                            .task(NewTask.of("build").id(TaskId.of("task-of-" + id)), LONG_AGO)
                            .succeeded(LONG_AGO)
                            .toCommand())
                    .orElseThrow();
        }
        NewRun child = NewRun.of("review").id(waiting).parentRunId(ended);
        store.apply(new DispatchRun(child, Head.of())).orElseThrow();
        store.apply(new RunChange.Start(waiting, "w", Head.of())).orElseThrow();
        Wait wait = Wait.of(Wait.Code.OTHER).until(LONG_AGO, Wait.OnDeadline.REPORT);
        store.apply(new RunChange.Suspend(waiting, wait, Head.of())).orElseThrow();
    }

    private void everyCall(JdbiRunStore store) {
        assertThat(store.lease("sweep", "a", HOUR)).isTrue();
        store.release("sweep", "a");
        assertThat(store.heartbeat("i", HOUR)).isFalse();
        assertThat(store.lostInstances()).isEmpty();
        store.removeInstance("i");
        assertThat(store.instances()).isZero();
        for (Kind kind : Kind.values()) {
            assertThat(store.find(kind, Duration.ZERO, Optional.empty(), 100)).hasSize(kind == Kind.OVERDUE ? 1 : 0);
        }
        assertThat(store.runsOf("i", Optional.empty(), 100)).isEmpty();
        assertThat(store.reportOverdue(waiting, 3)).isTrue();
        Rule rule = new Rule(Optional.of("review"), Set.of("a"), Set.of(RunState.SUCCEEDED), HOUR);
        Expired part = store.expired(rule, Optional.empty(), 1);
        assertThat(part.chains()).as("the first has a child in flight").isEmpty();
        assertThat(store.expired(rule, part.next(), 1).chains()).containsExactly(List.of(erased));
        assertThat(store.remove(List.of(ended)).references()).containsExactly("res://a");
        assertThat(store.erase(List.of(erased)).runs()).isEqualTo(1);
        assertThat(store.removeRefusals(HOUR, 10)).isZero();
        assertThat(store.referenced(List.of("res://a"))).isEmpty();
    }

    @Test
    void postgresReadsNoTableFromEndToEnd() {
        try (TestStore bench = TestStore.open(Database.POSTGRESQL, folder)) {
            begin(bench.store());
            Jdbi.create(bench.pool()).useHandle(handle -> {
                handle.execute(
                        "INSERT INTO ledger_run SELECT n.* FROM ledger_run r, generate_series(1, 5000) i,"
                                + " LATERAL jsonb_populate_record(r, jsonb_build_object('id', 'run-' || i)) n WHERE r.id = 'ended'");
                handle.execute(
                        "INSERT INTO ledger_ended SELECT n.* FROM ledger_ended e, generate_series(1, 5000) i, LATERAL"
                                + " jsonb_populate_record(e, jsonb_build_object('run_id', 'run-' || i, 'ended_at', '2021-02-02')) n"
                                + " WHERE e.run_id = 'ended'");
                handle.execute(
                        "INSERT INTO ledger_event SELECT n.* FROM ledger_event e, generate_series(1, 5000) i,"
                                + " LATERAL jsonb_populate_record(e, jsonb_build_object('run_id', 'run-' || i)) n WHERE e.run_id = 'ended'");
                handle.execute(
                        "INSERT INTO ledger_task SELECT n.* FROM ledger_task t, generate_series(1, 5000) i, LATERAL"
                                + " jsonb_populate_record(t, jsonb_build_object('id', 'task-' || i, 'run_id', 'run-' || i)) n"
                                + " WHERE t.run_id = 'ended'");
                handle.execute("INSERT INTO ledger_payload (run_id, task_id, kind, body)"
                        + " SELECT 'run-' || i, '', 'input', '{}' FROM generate_series(1, 5000) i");
                handle.execute(
                        "INSERT INTO ledger_delivery SELECT 'digest-' || i, 'd', 'run-' || i FROM generate_series(1, 5000) i");
                handle.execute(
                        "INSERT INTO ledger_refusal SELECT 'r-' || i, now(), '{}' FROM generate_series(1, 5000) i");
                handle.execute("ANALYZE");
            });
            Map<String, Long> before = wholeReads(bench);
            everyCall(bench.store());
            assertThat(wholeReads(bench)).isEqualTo(before);
        }
    }

    /** Returns how often each table was read as a whole. */
    private static Map<String, Long> wholeReads(TestStore bench) {
        Map<String, Long> reads = new TreeMap<>();
        Jdbi.create(bench.pool()).useHandle(handle -> {
            handle.execute("SELECT pg_stat_force_next_flush()");
            for (String table : GROWING) {
                reads.put(
                        table,
                        handle.createQuery("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = :table")
                                .bind("table", "ledger_" + table)
                                .mapTo(Long.class)
                                .one());
            }
        });
        return reads;
    }

    @Test
    void sqliteReadsNoTableFromEndToEnd() {
        CountingDataSource[] counting = new CountingDataSource[1];
        try (TestStore bench =
                TestStore.open(Database.SQLITE, folder, pool -> counting[0] = new CountingDataSource(pool))) {
            begin(bench.store());
            counting[0].reset();
            everyCall(bench.store());
            Map<String, String> plans = new TreeMap<>();
            Jdbi.create(bench.pool())
                    .useHandle(handle -> counting[0].statements().stream()
                            .filter(sql -> sql.matches("(?s)(SELECT|INSERT|UPDATE|DELETE|WITH).*"))
                            .forEach(sql -> plans.put(sql, plan(handle, sql))));
            assertThat(plans).hasSizeGreaterThan(20);
            plans.forEach((sql, plan) ->
                    assertThat(plan).as(sql).doesNotContainPattern("(?m)^SCAN (r|p|c|e|f|ledger_\\w+)( |$)"));
        }
    }

    private static String plan(Handle handle, String sql) {
        List<String> lines = handle.createQuery("EXPLAIN QUERY PLAN " + sql.replace("?", "NULL"))
                .map((row, context) -> row.getString("detail"))
                .list();
        return String.join("\n", lines);
    }
}
