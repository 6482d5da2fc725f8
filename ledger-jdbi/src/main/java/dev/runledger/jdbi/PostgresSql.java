package dev.runledger.jdbi;

import dev.runledger.run.NewRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The statements by which PostgreSQL makes and changes runs and tasks, one for each shape of a call.
 *
 * <p>Each makes its change if the call fits ({@code new}), stores what goes with it, its event among that ({@code event}), and selects
 * the row as the change left it; no row if it did not fit. PostgreSQL asks for the condition again once it has the lock of the row.
 * The clock is read before that, so a change is never earlier than the one before it.
 */
final class PostgresSql {
    private static final String CLOCK = " FROM (SELECT clock_timestamp() AS moment OFFSET 0) t";

    final CommonSql common;
    private final Tables tables;
    private final Map<InsertShape, String> dispatches = new ConcurrentHashMap<>();
    private final Map<InsertShape, String> handOffs = new ConcurrentHashMap<>();
    private final Map<ChangeShape, String> changes = new ConcurrentHashMap<>();
    private final Map<TaskShape, String> taskChanges = new ConcurrentHashMap<>();

    PostgresSql(Tables tables) {
        this.tables = tables;
        this.common = new CommonSql(Database.POSTGRESQL, tables);
    }

    /** Inserts a run that is queued, if nothing is in its way; selects the time. */
    String dispatch(NewRun run) {
        return dispatches.computeIfAbsent(InsertShape.of(run), shape -> tables.in(dispatch(shape)));
    }

    /** Changes a run otherwise than by a hand-off; selects the run. */
    String change(ChangeShape change) {
        return changes.computeIfAbsent(change, shape -> tables.in(run(shape)));
    }

    /** Inserts the child and changes the parent, both or neither; selects the parent. */
    String handOff(NewRun child) {
        return handOffs.computeIfAbsent(InsertShape.of(child), shape -> tables.in(handOff(shape)));
    }

    /** Makes or changes a task; selects the time for one that it makes, or else the task; then its run. */
    String change(TaskShape change) {
        return taskChanges.computeIfAbsent(
                change, shape -> tables.in(shape.kind().isBegin() ? taskBegin(shape) : taskChange(shape)));
    }

    // ---- runs

    private static String dispatch(InsertShape run) {
        String inserts = run.isMetAtDelivery()
                ? "taken AS (" + Fragments.INSERT_DELIVERY + " WHERE " + Fragments.isFree(run)
                        + " ON CONFLICT DO NOTHING RETURNING run_id), flight AS (" + Fragments.INSERT_IN_FLIGHT
                        + "t.moment, FALSE" + CLOCK + ", taken RETURNING queued_at)"
                : inFlight(run, CLOCK, Fragments.isFree(run));
        return "WITH " + inserts + inserted(run) + ", event AS (" + Fragments.INSERT_EVENT
                + "SELECT :new_id, '', 1, NULL, :event, flight.queued_at, :idempotencyKey, :callId, NULL, :data FROM flight)"
                + " SELECT queued_at FROM flight";
    }

    /** Returns the part that puts a run in flight, where it meets its rivals. */
    private static String inFlight(InsertShape run, String clock, String condition) {
        String taken = run.once() ? ", taken AS (" + Fragments.INSERT_DELIVERY + " FROM flight)" : "";
        return "flight AS (" + Fragments.INSERT_IN_FLIGHT + "t.moment, " + Fragments.guarded(run) + clock + " WHERE "
                + condition + " ON CONFLICT DO NOTHING RETURNING queued_at)" + taken;
    }

    /** Returns the parts that insert a run once it is in flight. */
    private static String inserted(InsertShape run) {
        String payloads = run.payloads()
                ? ", payload AS (" + Fragments.INSERT_PAYLOAD
                        + "SELECT :new_id, '', b.kind, b.body FROM flight, (VALUES"
                        + " ('details', CAST(:new_trigger_details AS text)), ('trigger', CAST(:new_trigger_payload AS text)),"
                        + " ('input', CAST(:new_input AS text))) b (kind, body) WHERE b.body IS NOT NULL)"
                : "";
        return ", queued AS ("
                + Fragments.insertRun("SELECT " + RunColumns.queued("flight.queued_at") + " FROM flight") + ")"
                + payloads;
    }

    private static String run(ChangeShape change) {
        RunCommand command = change.command();
        String moment = "GREATEST(r.changed_at, t.moment)";
        String fits = Fragments.fits(command, "r.") + (change.checked() ? " AND " + Fragments.isNew("r.id", "''") : "");
        return "WITH new AS (UPDATE ${run} r SET seq = r.seq + 1, "
                + Fragments.assignments(change, Database.POSTGRESQL, "r.", moment) + CLOCK + " WHERE r.id = :id AND "
                + fits + " RETURNING r.*), event AS (" + Fragments.INSERT_EVENT
                + "SELECT new.id, '', new.seq, NULL, :event, new.changed_at, :idempotencyKey, :callId, NULL, :data FROM new)"
                + beside(change) + " SELECT " + RunColumns.whole("new.") + " FROM new";
    }

    /** Returns the parts of a change that concern what stands beside the run. */
    private static String beside(ChangeShape change) {
        RunCommand command = change.command();
        StringBuilder parts = new StringBuilder();
        if (command == RunCommand.SUSPEND) {
            parts.append(", wait AS (INSERT INTO ${wait}"
                    + " (run_id, project, code, correlation_key, deadline, on_deadline, suspended_at) SELECT id, project,"
                    + " wait_code, correlation_key, wait_deadline, wait_on_deadline, changed_at FROM new)");
        } else if (command.leaves(RunState.SUSPENDED)) {
            parts.append(", wait AS (DELETE FROM ${wait} w USING new WHERE w.run_id = new.id)");
        }
        if (change.payload()) {
            parts.append(", payload AS (" + Fragments.INSERT_PAYLOAD
                    + "SELECT new.id, '', 'resumption', :resume_payload FROM new" + Fragments.OR_REPLACE + ")");
        }
        if (command == RunCommand.ENQUEUE_FAILED) {
            parts.append(", freed AS (DELETE FROM ${delivery} d USING new WHERE d.digest = new.delivery_digest"
                    + " AND d.run_id = new.id)");
        }
        if (command.isTerminal()) {
            parts.append(", landed AS (DELETE FROM ${in_flight} f USING new WHERE f.run_id = new.id RETURNING f.*)"
                    + ", heir AS (UPDATE ${in_flight} h SET guarded = TRUE FROM (SELECT c.run_id FROM landed l CROSS JOIN LATERAL"
                    + " (SELECT k.run_id FROM ${in_flight} k WHERE k.project = l.project AND k.workflow_name = l.workflow_name"
                    + " AND k.target = l.target AND k.channel = l.channel AND NOT k.guarded ORDER BY k.queued_at, k.run_id"
                    + " LIMIT 1) c WHERE l.guarded) o WHERE h.run_id = o.run_id), ended AS (INSERT INTO ${ended} ("
                    + CommonSql.ENDED + ") SELECT " + CommonSql.ended(Database.POSTGRESQL, "new.") + " FROM new)");
        }
        return parts.toString();
    }

    /** Locks the parent first: the child is put in flight only if the parent is changed. */
    private static String handOff(InsertShape child) {
        String fits = Fragments.fits(RunCommand.HAND_OFF, "r.") + " AND " + Fragments.isNew("r.id", "''");
        ChangeShape change = new ChangeShape(RunCommand.HAND_OFF, true, false);
        return "WITH locked AS MATERIALIZED (SELECT r.changed_at FROM ${run} r WHERE r.id = :id AND " + fits
                + " FOR NO KEY UPDATE), t AS MATERIALIZED (SELECT GREATEST(changed_at, clock_timestamp()) AS moment FROM locked), "
                + inFlight(child, " FROM t", Fragments.isFree(child)) + inserted(child)
                + ", new AS (UPDATE ${run} r SET seq = r.seq + 1, "
                + Fragments.assignments(change, Database.POSTGRESQL, "r.", "flight.queued_at")
                + " FROM flight WHERE r.id = :id RETURNING r.*), event AS (" + Fragments.INSERT_EVENT
                + "SELECT new.id, '', new.seq, CAST(NULL AS bigint), :event, new.changed_at, :idempotencyKey, :callId, :childRunId, :data FROM new"
                + " UNION ALL SELECT :new_id, '', 1, NULL, :childEvent, new.changed_at, NULL, :callId, NULL, :childData FROM new) SELECT "
                + RunColumns.whole("new.") + " FROM new";
    }

    // ---- tasks

    private static String taskBegin(TaskShape change) {
        String payload = change.payload()
                ? ", payload AS (" + Fragments.INSERT_PAYLOAD
                        + "SELECT :task_run_id, :id, 'input', :task_input FROM new)"
                : "";
        return "WITH r AS MATERIALIZED (SELECT x.*, GREATEST(x.changed_at, clock_timestamp()) AS moment FROM ${run} x"
                + " WHERE x.id = :task_run_id), new AS (INSERT INTO ${task} (" + TaskColumns.inserted() + ") SELECT "
                + TaskColumns.begun("r.moment", "r.execution") + " FROM r WHERE r.state IN " + Fragments.IN_FLIGHT
                + " ON CONFLICT DO NOTHING RETURNING seq), event AS (" + Fragments.INSERT_EVENT
                + "SELECT :task_run_id, :id, 1, r.seq, :event, r.moment, :idempotencyKey, :callId, NULL, :data FROM new, r)"
                + payload + " SELECT r.moment, " + RunColumns.whole("r.") + " FROM new, r";
    }

    private static String taskChange(TaskShape change) {
        String fits = Fragments.fits(change.kind(), "x.", "r.")
                + (change.checked() ? " AND " + Fragments.isNew("x.run_id", "x.id") : "");
        String payload = change.payload()
                ? ", payload AS (" + Fragments.INSERT_PAYLOAD + "SELECT new.run_id, new.id, 'output', :output FROM new"
                        + Fragments.OR_REPLACE + ")"
                : "";
        return "WITH new AS (UPDATE ${task} x SET seq = x.seq + 1, "
                + Fragments.assignments(change, "x.", "GREATEST(x.changed_at, t.moment)", "r.execution") + CLOCK
                + ", ${run} r WHERE x.id = :id AND r.id = x.run_id AND " + fits
                + " RETURNING x.*, r.seq AS run_seq), event AS (" + Fragments.INSERT_EVENT
                + "SELECT new.run_id, new.id, new.seq, new.run_seq, :event, new.changed_at, :idempotencyKey, :callId, NULL, :data FROM new)"
                + payload + " SELECT " + TaskColumns.select("new.") + ", " + RunColumns.whole("r.")
                + " FROM new JOIN ${run} r ON r.id = new.run_id";
    }
}
