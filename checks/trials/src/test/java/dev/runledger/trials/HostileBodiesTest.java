package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import dev.runledger.Ledger;
import dev.runledger.faults.Rounds;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.jdbi.Database;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.Trigger;
import dev.runledger.run.WorkflowRun;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies of JSON that are as large, as deep or as broken as they can be. */
class HostileBodiesTest {
    private static final long HEAP_OF_A_READ = 4 << 20;

    @TempDir
    private Path folder;

    private static String monster(Database database, int bytes) {
        return database == Database.POSTGRESQL
                ? "repeat('x', " + bytes + ")"
                : "hex(zeroblob(" + bytes / 2 + "))"; // two digits a byte
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void aMonsterInARowIsNotReadAndItsRunCanStillBeEnded(Database database) {
        int bytes = Rounds.of(20, 100) << 20;
        try (TestStore bench = TestStore.open(database, folder)) {
            readAndEnd(bench, runWithATask(bench)); // so that what is allocated below is not the loading of classes
            RunId id = runWithATask(bench);
            String monster = monster(database, bytes);
            bench.execute("UPDATE ledger_run SET trigger_name = 'push', resumed = TRUE, payloads = 11");
            bench.execute("UPDATE ledger_task SET timed_out = FALSE, payloads = 20");
            bench.execute("INSERT INTO ledger_payload SELECT r.id, '', k.kind, " + monster
                    + " FROM ledger_run r CROSS JOIN (SELECT 'details' AS kind UNION ALL SELECT 'trigger' UNION ALL SELECT 'resumption') k"
                    + " UNION ALL SELECT t.run_id, t.id, k.kind, " + monster
                    + " FROM ledger_task t CROSS JOIN (SELECT 'input' AS kind UNION ALL SELECT 'output') k");
            bench.execute("UPDATE ledger_event SET data = " + monster);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            WorkflowRun run = readAndEnd(bench, id);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            Payload cut = Payload.stored("", null, bytes, null, true);
            assertThat(run.request().trigger().orElseThrow().payload()).contains(cut);
            assertThat(run.resumption().orElseThrow().payload()).contains(cut);
            assertThat(allocated).isLessThan(HEAP_OF_A_READ);
            System.out.printf(
                    "bodies, %s: a run with 3 payloads of %d MiB was read and ended with %d KiB of heap%n",
                    database, bytes >> 20, allocated >> 10);
        }
    }

    private static RunId runWithATask(TestStore bench) {
        RunId id = bench.running("review");
        bench.ledger()
                .tasks()
                .start(id, NewTask.of("build").id(TaskId.of(id + "-task")))
                .orElseThrow();
        return id;
    }

    private static WorkflowRun readAndEnd(TestStore bench, RunId id) {
        RunHistory history = bench.store().history();
        WorkflowRun run = history.run(id).orElseThrow();
        assertThat(history.page(RunQuery.all()).unreadable()).isEmpty();
        assertThat(history.tasks(id)).hasSize(1);
        assertThat(history.events(id)).hasSize(3);
        assertThat(bench.ledger().tasks().succeed(TaskId.of(id + "-task")).isApplied())
                .isTrue();
        assertThat(bench.ledger().succeed(id).isApplied()).isTrue();
        return run;
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void aPayloadIsTakenAndReadBackOrRefusedAtOnce(Database database) {
        List<String> bodies = List.of(
                "[".repeat(1_000) + "]".repeat(1_000), // what a parser takes by default
                "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000),
                "9".repeat(1_000),
                "-1e999999999",
                "1e-999999999",
                "{\"a\":1,\"a\":2}",
                "\"\\u0000\\ud800\\u202e\"",
                "{\"\":{\"\":null},\"@class\":\"" + Harm.CANARY + "\"}",
                "\"" + "\\u0001".repeat(16_000) + "\"",
                "\"" + "\uD83D\uDE80".repeat(10_000) + "\"",
                "\"" + "x".repeat(5 << 20) + "\"",
                " \n [ 1 , 2 ] \t ",
                "null");
        try (TestStore bench = TestStore.open(database, folder)) {
            Ledger ledger = bench.ledger();
            for (String body : bodies) {
                String what = body.substring(0, Math.min(body.length(), 20));
                Trigger trigger = Trigger.of("push").details(Payload.json(body)).payload(Payload.json(body));
                WorkflowRun run =
                        ledger.dispatch(NewRun.of("review").trigger(trigger)).orElseThrow();
                assertThat(bench.store().history().run(run.id())).as(what).contains(run);
                assertThat(bench.store().history().page(RunQuery.all()).unreadable())
                        .as(what)
                        .isEmpty();
                assertThat(ledger.cancel(run.id(), "read").isApplied()).as(what).isTrue();
            }
            for (String body : List.of("[".repeat(1_001) + "]".repeat(1_001), "9".repeat(1_001))) {
                WorkflowRun run = ledger.dispatch(
                                NewRun.of("review").trigger(Trigger.of("push").payload(Payload.json(body))))
                        .orElseThrow();
                Payload kept = run.request().trigger().flatMap(Trigger::payload).orElseThrow();
                assertThat(kept.truncated()).isTrue();
                assertThat(kept.size()).isEqualTo(body.length());
                assertThat(bench.store().history().run(run.id())).contains(run);
            }
            for (String body : List.of("", "{", "[1] [2]", "{'a':1}", "NaN")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> ledger.dispatch(
                                NewRun.of("review").trigger(Trigger.of("push").payload(Payload.json(body)))))
                        .withMessageStartingWith("payload is not JSON");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void aRefusalThatCannotBeReadIsLeftOut(Database database) {
        try (TestStore bench = TestStore.open(database, folder)) {
            bench.ledger().refuse(NewRun.of("review"), "not now");
            for (String data : List.of(
                    "",
                    "{",
                    "[]",
                    "{\"event\":1}",
                    "{\"event\":\"workflow.run.queued\",\"occurredAt\":\"now\"}",
                    "{\"event\":{\"@class\":\"" + Harm.CANARY + "\"}}",
                    "{\"a\":" + "9".repeat(5_000) + "}",
                    "{\"a\":99999999999999999999}",
                    "{\"" + "n".repeat(60_000) + "\":1}",
                    "{\"a\":" + "[".repeat(5_000))) {
                bench.ledger().refuse(NewRun.of("review"), "not now");
                bench.execute(
                        "UPDATE ledger_refusal SET data = ? WHERE refused_at = (SELECT max(refused_at) FROM ledger_refusal)",
                        data);
            }
            assertThat(bench.store().history().refusals(100)).hasSize(1);
            assertThat(bench.store().unreadableRows()).isEqualTo(10);
        }
    }
}
