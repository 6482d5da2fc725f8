package dev.runledger.benchmarks;

import dev.runledger.jdbi.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Fills the tables of a store with runs of the last thirty days, by SQL, since a million of them would take hours through the ledger.
 *
 * <p>Of a hundred runs five failed, two are incomplete, one is cancelled and the others succeeded. The newest two thousand are in flight,
 * or the newest fiftieth if that is less. There are twenty workflows, fifty projects and a target for every fifty runs. Five workflows
 * have all the failures, so that a page of another one's failures is empty. Each run has three tasks and nine events.
 *
 * @param database the database
 * @param runs how many
 * @param first when the first run was queued, in microseconds since 1970
 * @param step the time between two runs, in microseconds
 */
record ManyRuns(Database database, int runs, long first, long step) {
    /** The fewest that make a picture: each kind of run is among them. */
    static final int FEWEST = 1_000;

    private static final int AT_ONCE = 100_000;

    static ManyRuns untilNow(Database database, int runs) {
        long now = Instant.now().toEpochMilli() * 1_000;
        long step = Duration.ofDays(30).toMillis() * 1_000 / runs;
        return new ManyRuns(database, runs, now - runs * step, step);
    }

    /** Returns the id of a run by its number, from 1. */
    static String id(long number) {
        return "run-%08d".formatted(number);
    }

    Instant queuedAt(long number) {
        long micros = first + number * step;
        return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
    }

    void fill(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (int from = 1; from <= runs; from += AT_ONCE) {
                int to = Math.min(runs, from + AT_ONCE - 1);
                for (String sql : statements()) {
                    statement.executeUpdate(sql(sql, from, to));
                }
                connection.commit();
                System.out.printf("%,d of %,d runs%n", to, runs);
            }
        }
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute(database == Database.POSTGRESQL ? "VACUUM ANALYZE" : "ANALYZE");
        }
    }

    /** Returns how many are in flight: no two of them have the same target. */
    private int inFlight() {
        return Math.min(2_000, targets());
    }

    private int targets() {
        return runs / 50;
    }

    private String sql(String template, int from, int to) {
        String numbers = database == Database.POSTGRESQL
                ? "generate_series(%s, %s) AS n (i)".formatted(from, to)
                : "(WITH RECURSIVE c (i) AS (SELECT %s UNION ALL SELECT i + 1 FROM c WHERE i < %s) SELECT i FROM c) n"
                        .formatted(from, to);
        return template.replace("{numbers}", numbers)
                .replace("{queued}", at(0))
                .replace("{started}", at(1_000_000))
                .replace("{task}", at(2_000_000))
                .replace("{ended}", at(60_000_000))
                .replace("{id}", "'run-' || " + padded("i"))
                .replace("{state}", state())
                .replace("{inFlight}", "i > " + (runs - inFlight()))
                .replace("{category}", category())
                .replace("{workflow}", "'workflow-' || (i % 20)")
                .replace("{project}", "'project-' || (i % 50)")
                .replace("{target}", "'acme/app#' || (i %% %s)".formatted(targets()));
    }

    private String padded(String number) {
        return database == Database.POSTGRESQL
                ? "lpad(CAST(%s AS text), 8, '0')".formatted(number)
                : "printf('%08d', " + number + ")";
    }

    private String at(long later) {
        String micros = "(%s + CAST(i AS bigint) * %s)".formatted(first + later, step);
        return database == Database.POSTGRESQL
                ? "(timestamptz '1970-01-01 00:00:00+00' + %s * interval '1 microsecond')".formatted(micros)
                : micros;
    }

    /** Returns the state of a run by its number; of the hundred remainders of the factor, five are those of five workflows. */
    private String state() {
        return ("CASE WHEN i > %s THEN CASE WHEN i %% 40 = 0 THEN 'SUSPENDED' WHEN i %% 3 = 0 THEN 'QUEUED' ELSE 'RUNNING' END"
                        + " WHEN i * 19 %% 100 < 5 THEN 'FAILED' WHEN i * 19 %% 100 < 7 THEN 'INCOMPLETE'"
                        + " WHEN i * 19 %% 100 < 8 THEN 'CANCELLED' ELSE 'SUCCEEDED' END")
                .formatted(runs - inFlight());
    }

    private static String category() {
        return "CASE WHEN i % 40000 < 20 THEN 'RATE_LIMIT' WHEN i % 200 < 100 THEN 'TIMEOUT' ELSE 'CONNECTIVITY' END";
    }

    private static List<String> statements() {
        String reason = "CASE s.state WHEN 'FAILED' THEN 'the build server answered 503 after ' || i || ' ms'"
                + " WHEN 'INCOMPLETE' THEN 'two checks are red' WHEN 'CANCELLED' THEN 'called off by ada' END";
        String states = "(SELECT i, {state} AS state FROM {numbers}) s";
        return List.of(
                "INSERT INTO ledger_run (id, project, workflow_name, channel, target, trigger_name, delivery_id, task_queue,"
                        + " once_per_delivery, state, seq, latest_event, queued_at, started_at, queue_wait_us, suspended_us, changed_at,"
                        + " execution, handed_off, resumed, reason, error_category, uncaught, payloads) SELECT {id}, {project},"
                        + " {workflow}, 'LIVE', {target}, CASE WHEN i % 50000 = 7 THEN 'manual' ELSE 'push' END, 'd-' || i, 'default',"
                        + " FALSE, s.state, 3, CASE s.state WHEN 'FAILED' THEN 'workflow.run.failed' WHEN 'INCOMPLETE' THEN 'workflow.run.incomplete'"
                        + " WHEN 'CANCELLED' THEN 'workflow.run.cancelled' WHEN 'SUCCEEDED' THEN 'workflow.run.succeeded' ELSE 'workflow.run.running' END,"
                        + " {queued}, {started}, 1000000, 0, CASE WHEN {inFlight} THEN {started} ELSE {ended} END, 1, FALSE, FALSE,"
                        + " " + reason + ", CASE s.state WHEN 'FAILED' THEN {category} END, FALSE, 0 FROM " + states,
                "INSERT INTO ledger_in_flight (run_id, project, workflow_name, target, channel, task_queue, queued_at, guarded)"
                        + " SELECT {id}, {project}, {workflow}, {target}, 'LIVE', 'default', {queued}, TRUE FROM {numbers} WHERE {inFlight}",
                "INSERT INTO ledger_wait (run_id, project, code, on_deadline, suspended_at, seq) SELECT {id}, {project}, 'APPROVAL',"
                        + " 'REPORT', {started}, 3 FROM " + states
                        + " WHERE {inFlight} AND s.state = 'SUSPENDED'",
                "INSERT INTO ledger_ended (run_id, project, workflow_name, target, channel, queued_at, ended_at, state,"
                        + " error_category, duration_us, queue_wait_us, suspended_us) SELECT {id}, {project}, {workflow}, {target}, 'LIVE',"
                        + " {queued}, {ended}, s.state, CASE s.state WHEN 'FAILED' THEN {category} END, 59000000, 1000000, 0 FROM "
                        + states + " WHERE NOT {inFlight}",
                "INSERT INTO ledger_event (run_id, task_id, seq, event, occurred_at, call_id) SELECT {id}, '', 1, 'workflow.run.queued',"
                        + " {queued}, 'c-' || i || '-1' FROM {numbers}",
                "INSERT INTO ledger_event (run_id, task_id, seq, event, occurred_at, call_id, data) SELECT {id}, '', 2, 'workflow.run.running',"
                        + " {started}, 'c-' || i || '-2', '{\"worker\":\"worker-1\"}' FROM {numbers}",
                "INSERT INTO ledger_event (run_id, task_id, seq, event, occurred_at, call_id) SELECT {id}, '', 3, 'workflow.run.succeeded',"
                        + " {ended}, 'c-' || i || '-3' FROM {numbers} WHERE NOT {inFlight}",
                "INSERT INTO ledger_task (id, run_id, name, verb, kind, instrument, retry, state, seq, execution, attempt, started_at,"
                        + " attempted_at, changed_at, timed_out, payloads) SELECT 'task-' || i || '-' || k.k, {id}, 'step-' || k.k, 'step-' || k.k,"
                        + " 'TASK', 'step', '{\"maxAttempts\":1,\"firstDelayMs\":0,\"factor\":1.0,\"maxDelayMs\":0}', 'SUCCEEDED', 2, 1, 1, {task},"
                        + " {task}, {ended}, FALSE, 0 FROM {numbers} CROSS JOIN (SELECT 1 AS k UNION ALL SELECT 2 UNION ALL SELECT 3) k",
                "INSERT INTO ledger_event (run_id, task_id, seq, run_seq, event, occurred_at, call_id) SELECT {id}, 'task-' || i || '-' || k.k,"
                        + " k.e, 2, CASE k.e WHEN 1 THEN 'workflow.task.started' ELSE 'workflow.task.succeeded' END, {task}, 'c-' || i || '-' || k.k"
                        + " FROM {numbers} CROSS JOIN (SELECT 1 AS k, 1 AS e UNION ALL SELECT 1, 2 UNION ALL SELECT 2, 1 UNION ALL SELECT 2, 2"
                        + " UNION ALL SELECT 3, 1 UNION ALL SELECT 3, 2) k");
    }
}
