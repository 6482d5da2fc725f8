package dev.runledger.trials;

import dev.runledger.jdbi.Database;
import java.util.List;

/** Lists what can be done by hand to the rows of a run, of its task and of their events. */
final class Harm {
    /** Loaded only by a reader that follows a class name in a row. */
    static final class Canary {
        static {
            System.setProperty("ledger.test.canary", "loaded");
        }

        private Canary() {}
    }

    static final String CANARY = "dev.runledger.trials.Harm$Canary";
    private static final String POLYMORPHIC =
            "{\"@class\":\"" + CANARY + "\",\"size\":1,\"json\":[\"" + CANARY + "\",{}]}";
    private static final String SERIALIZED =
            "\u00AC\u00ED\u0005sr" + CANARY; // a text cannot hold the zero byte of the real one
    private static final String DEEP = "{\"size\":1,\"json\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    private static final String LONG_NUMBER = "{\"size\":" + "9".repeat(5_000) + ",\"json\":1}";

    /** Statements; the one {@code ?} is the id of the run. */
    static final List<String> STATEMENTS = List.of(
            run("state = 'PAUSED'"),
            run("state = ''"),
            run("channel = 'STAGED'"),
            run("error_category = 'GREMLINS'"),
            run("wait_code = 'x\u0007y'"),
            run("latest_event = 'workflow.run.exploded'"),
            run("latest_event = 'workflow.task.started'"),
            run("latest_event = 'workflow.run.completed'"),
            run("seq = 0"),
            run("seq = -9223372036854775808"),
            run("seq = 9223372036854775807"),
            run("target = ''"),
            run("target = 'a' || chr(10) || 'b'"),
            run("workflow_name = ' '"),
            run("parent_run_id = 'no id'"),
            run("once_per_delivery = TRUE, delivery_id = NULL"),
            run("trigger_name = NULL"),
            run("wait_reason = NULL"),
            run("suspended_at = NULL"),
            run("started_at = NULL"),
            run("suspended_us = -9223372036854775808"),
            run("suspended_us = 9223372036854775807"),
            payload("details", "{\"size\""),
            payload("details", "[]"),
            payload("details", "{}"),
            payload("details", POLYMORPHIC),
            payload("details", SERIALIZED),
            payload("details", DEEP),
            payload("details", LONG_NUMBER),
            payload("trigger", POLYMORPHIC),
            payload("trigger", DEEP),
            payload("resumption", SERIALIZED),
            run("context = '" + SERIALIZED + "'"),
            run("context = '" + POLYMORPHIC + "'"),
            run("context = '" + DEEP + "'"),
            task("state = 'PAUSED'"),
            task("kind = 'PAUSED'"),
            task("attempt = -1"),
            task("seq = -1"),
            task("retry = '{}'"),
            task("retry = '" + DEEP + "'"),
            task("retry = '" + POLYMORPHIC + "'"),
            task("permissions = '{\"\":1}'"),
            payload("input", DEEP),
            payload("input", SERIALIZED),
            payload("output", POLYMORPHIC),
            run("payloads = 0"),
            run("payloads = -1"),
            task("payloads = 31"),
            "DELETE FROM ledger_payload WHERE run_id = ?",
            "DELETE FROM ledger_ended WHERE run_id = ?",
            "UPDATE ledger_ended SET state = 'SUCCEEDED' WHERE run_id = ?",
            task("exit_code = -1"),
            task("status_code = 418"),
            task("timeout_ms = -9223372036854775808"),
            "DELETE FROM ledger_event WHERE run_id = ? AND seq = 1",
            "UPDATE ledger_event SET run_seq = NULL WHERE run_id = ?",
            "UPDATE ledger_event SET run_seq = 99 WHERE run_id = ?",
            "UPDATE ledger_event SET seq = seq * 1000000000000 WHERE run_id = ?");

    /** Returns what only this database lets one write. */
    static List<String> only(Database database) {
        return database == Database.POSTGRESQL
                ? List.of(
                        run("queued_at = 'infinity'"),
                        run("queued_at = '294276-12-31 23:59:59.999999+00'"),
                        run("changed_at = 'infinity'"),
                        run("started_at = '-infinity'"),
                        run("suspended_at = '-infinity'"),
                        run("wait_deadline = '-infinity'"),
                        run("queued_at = '4000-01-01 00:00:00+00 BC'"),
                        "UPDATE ledger_event SET occurred_at = 'infinity' WHERE run_id = ?")
                : List.of(
                        run("seq = 'three'"),
                        run("seq = 1.5"),
                        run("state = x'00FF'"),
                        run("target = x'C3280A'"),
                        run("queued_at = 9223372036854775807"),
                        run("queued_at = 'now'"),
                        run("changed_at = -9223372036854775808"),
                        run("once_per_delivery = 'yes'"),
                        run("handed_off = 7"),
                        task("attempt = 99999999999"),
                        task("exit_code = 99999999999"),
                        task("status_code = 7"),
                        task("started_at = 9223372036854775807"),
                        "UPDATE ledger_event SET occurred_at = -9223372036854775808 WHERE run_id = ?");
    }

    /** Names of events, none of which belongs where it is put. */
    static final List<String> EVENTS = List.of(
            "workflow.run.exploded",
            "workflow.run.completed",
            "workflow.run.dispatch_refused",
            "workflow.run.queued",
            "workflow.run.resumed",
            "workflow.run.handed_off",
            "workflow.run.failed",
            "workflow.task.failed",
            "workflow.task.retrying",
            "workflow.task.succeeded",
            "workflow.task.progress",
            "");

    /** Data of events. */
    static final List<String> DATA = List.of(
            "{\"extra\"",
            "[]",
            "null",
            "{}",
            "{\"wait\":1,\"failure\":2,\"resumption\":3,\"extra\":4,\"child\":\"no id\"}",
            "{\"wait\":{},\"failure\":{},\"resumption\":{\"decision\":\"\\n\"},\"extra\":{\"\":{}},\"child\":\"c\"}",
            "{\"wait\":{\"code\":\"X\",\"reason\":\"r\",\"onDeadline\":\"Y\"},\"failure\":{\"reason\":\"r\",\"category\":\"X\"}}",
            "{\"wait\":{\"code\":\"WAIT\",\"reason\":\"r\",\"onDeadline\":\"FAIL\",\"deadline\":\"soon\"},\"exitCode\":\"x\"}",
            "{\"extra\":{\"event\":\"x\",\"runId\":[],\"message\":\"y\",\"a\":1e999,\"b\":" + "9".repeat(500) + "}}",
            POLYMORPHIC,
            SERIALIZED,
            DEEP,
            LONG_NUMBER,
            "{\"extra\":{\"big\":\"" + "x".repeat(2 << 20) + "\"}}");

    private Harm() {}

    private static String run(String assignment) {
        return "UPDATE ledger_run SET " + assignment + " WHERE id = ?";
    }

    private static String payload(String kind, String body) {
        return "UPDATE ledger_payload SET body = '" + body + "' WHERE run_id = ? AND kind = '" + kind + "'";
    }

    private static String task(String assignment) {
        return "UPDATE ledger_task SET " + assignment + " WHERE run_id = ?";
    }
}
