package dev.runledger.jdbi;

import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import java.util.regex.Pattern;

/**
 * The texts of the statements by which PostgreSQL makes and changes runs and tasks: for one call, whose values are parameters, or for many,
 * whose values are the rows of {@code q}.
 *
 * <p>Each makes its change if the call fits ({@code new}), stores what goes with it, its event among that ({@code event}), and selects
 * the row as the change left it; no row if it did not fit. PostgreSQL asks for the condition again once it has the lock of the row.
 * The clock is read before that, so a change is never earlier than the one before it.
 *
 * <p>The statement of one call waits for a row that another transaction has locked. That of many leaves such a row out, and locks
 * the others in the order of their ids; what it selects begins with the id that the call is about.
 *
 * @param many whether it is for many calls
 */
record PostgresChanges(boolean many) {
    private static final String CLOCK = " FROM (SELECT clock_timestamp() AS moment OFFSET 0) t";
    private static final Pattern PARAMETER = Pattern.compile("(?<!:):(\\w+)");

    // ---- runs

    String dispatch(InsertShape run) {
        String order = many ? " ORDER BY q.new_project, q.new_workflow_name, q.new_target, q.new_channel" : "";
        String inserts = run.isMetAtDelivery()
                ? "taken AS (" + Fragments.INSERT_DELIVERY + (many ? " FROM q" : "") + " WHERE " + Fragments.isFree(run)
                        + (many ? " ORDER BY q.new_delivery_digest" : "")
                        + " ON CONFLICT DO NOTHING RETURNING run_id), flight AS (" + Fragments.INSERT_IN_FLIGHT
                        + "t.moment, FALSE" + CLOCK + ", " + rows("taken", "taken.run_id") + " RETURNING "
                        + id("run_id")
                        + "queued_at)"
                : inFlight(run, CLOCK + (many ? ", q" : ""), Fragments.isFree(run) + order);
        return finished("WITH " + inserts + inserted(run) + ", event AS (" + Fragments.INSERT_EVENT
                + "SELECT :new_id, '', 1, NULL, :event, flight.queued_at, :idempotencyKey, :callId, NULL, :data FROM "
                + rows("flight", "flight.run_id") + ") SELECT " + id("run_id") + "queued_at FROM flight");
    }

    /** Returns the part that puts a run in flight, where it meets its rivals. */
    private String inFlight(InsertShape run, String from, String condition) {
        String taken = run.once()
                ? ", taken AS (" + Fragments.INSERT_DELIVERY + " FROM " + rows("flight", "flight.run_id") + ")"
                : "";
        return "flight AS (" + Fragments.INSERT_IN_FLIGHT + "t.moment, " + Fragments.guarded(run) + from + " WHERE "
                + condition + " ON CONFLICT DO NOTHING RETURNING " + id("run_id") + "queued_at)" + taken;
    }

    /** Returns the parts that insert a run once it is in flight. */
    private String inserted(InsertShape run) {
        String flight = rows("flight", "flight.run_id");
        String payloads = run.payloads()
                ? ", payload AS (" + Fragments.INSERT_PAYLOAD + "SELECT :new_id, '', b.kind, b.body FROM " + flight
                        + (many ? " CROSS JOIN LATERAL" : ",") + " (VALUES"
                        + " ('details', CAST(:new_trigger_details AS text)), ('trigger', CAST(:new_trigger_payload AS text)),"
                        + " ('input', CAST(:new_input AS text))) b (kind, body) WHERE b.body IS NOT NULL)"
                : "";
        return ", queued AS ("
                + Fragments.insertRun("SELECT " + RunColumns.queued("flight.queued_at") + " FROM " + flight) + ")"
                + payloads;
    }

    String change(ChangeShape change) {
        RunCommand command = change.command();
        String moment = "GREATEST(r.changed_at, t.moment)";
        String fits = Fragments.fits(command, "r.") + (change.checked() ? " AND " + Fragments.isNew("r.id", "''") : "");
        return finished("WITH " + (many ? locked("run") : "") + "new AS (UPDATE ${run} r SET seq = r.seq + 1, "
                + Fragments.assignments(change, Database.POSTGRESQL, "r.", moment) + CLOCK
                + (many ? ", q JOIN locked l ON l.id = q.id" : "") + " WHERE r.id = :id AND " + fits
                + " RETURNING r.*), event AS (" + Fragments.INSERT_EVENT
                + "SELECT new.id, '', new.seq, NULL, :event, new.changed_at, :idempotencyKey, :callId, NULL, :data FROM "
                + rows("new", "new.id") + ")" + beside(change) + " SELECT " + id("new.id")
                + RunColumns.whole("new.") + " FROM new");
    }

    /** Returns the part that locks what the calls are about; what another transaction has locked is left out. */
    private static String locked(String table) {
        return "locked AS MATERIALIZED (SELECT x.id FROM ${" + table
                + "} x JOIN q ON q.id = x.id ORDER BY x.id FOR NO KEY UPDATE OF x SKIP LOCKED), ";
    }

    /** Returns the parts of a change that concern what stands beside the run. */
    private String beside(ChangeShape change) {
        RunCommand command = change.command();
        StringBuilder parts = new StringBuilder();
        if (command == RunCommand.SUSPEND) {
            parts.append(", wait AS (INSERT INTO ${wait}"
                    + " (run_id, project, code, correlation_key, deadline, on_deadline, suspended_at, seq) SELECT id, project,"
                    + " wait_code, correlation_key, wait_deadline, wait_on_deadline, changed_at, seq FROM new)");
        } else if (command.leaves(RunState.SUSPENDED)) {
            parts.append(", wait AS (DELETE FROM ${wait} w USING new WHERE w.run_id = new.id)");
        }
        if (change.payload()) {
            parts.append(", payload AS (" + Fragments.INSERT_PAYLOAD
                    + "SELECT new.id, '', 'resumption', :resume_payload FROM " + rows("new", "new.id")
                    + Fragments.OR_REPLACE + ")");
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

    /** Locks the parent first: the child is put in flight only if the parent is changed. There is none for many. */
    String handOff(InsertShape child) {
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

    String begin(TaskShape change) {
        String r = many ? "r JOIN q ON q.id = r.task_id" : "r";
        String made = many ? "new JOIN r ON r.task_id = new.id" : "new, r";
        String payload = change.payload()
                ? ", payload AS (" + Fragments.INSERT_PAYLOAD + "SELECT :task_run_id, :id, 'input', :task_input FROM "
                        + rows("new", "new.id") + ")"
                : "";
        return finished("WITH r AS MATERIALIZED (SELECT x.*, " + (many ? "q.id AS task_id, " : "")
                + "GREATEST(x.changed_at, clock_timestamp()) AS moment FROM ${run} x" + (many ? " JOIN q ON" : " WHERE")
                + " x.id = :task_run_id), new AS (INSERT INTO ${task} (" + TaskColumns.inserted() + ") SELECT "
                + TaskColumns.begun("r.moment", "r.execution") + " FROM " + r + " WHERE r.state IN "
                + Fragments.IN_FLIGHT
                + " ON CONFLICT DO NOTHING RETURNING " + id("id") + "seq), event AS (" + Fragments.INSERT_EVENT
                + "SELECT :task_run_id, :id, 1, r.seq, :event, r.moment, :idempotencyKey, :callId, NULL, :data FROM "
                + made + (many ? " JOIN q ON q.id = new.id" : "") + ")" + payload + " SELECT "
                + id("new.id") + "r.moment, " + RunColumns.whole("r.") + " FROM " + made);
    }

    String change(TaskShape change) {
        String fits = Fragments.fits(change.kind(), "x.", "r.")
                + (change.checked() ? " AND " + Fragments.isNew("x.run_id", "x.id") : "");
        String payload = change.payload()
                ? ", payload AS (" + Fragments.INSERT_PAYLOAD + "SELECT new.run_id, new.id, 'output', :output FROM "
                        + rows("new", "new.id") + Fragments.OR_REPLACE + ")"
                : "";
        return finished("WITH " + (many ? locked("task") : "") + "new AS (UPDATE ${task} x SET seq = x.seq + 1, "
                + Fragments.assignments(change, "x.", "GREATEST(x.changed_at, t.moment)", "r.execution") + CLOCK
                + ", ${run} r" + (many ? ", q JOIN locked l ON l.id = q.id" : "")
                + " WHERE x.id = :id AND r.id = x.run_id AND "
                + fits + " RETURNING x.*, r.seq AS run_seq), event AS (" + Fragments.INSERT_EVENT
                + "SELECT new.run_id, new.id, new.seq, new.run_seq, :event, new.changed_at, :idempotencyKey, :callId, NULL, :data FROM "
                + rows("new", "new.id") + ")" + payload + " SELECT " + id("new.id")
                + TaskColumns.select("new.") + ", " + RunColumns.whole("r.")
                + " FROM new JOIN ${run} r ON r.id = new.run_id");
    }

    // ---- one or many

    /** Returns rows, with the values of the call that made each of them. */
    private String rows(String rows, String id) {
        return many ? rows + " JOIN q ON q." + (id.startsWith("new.") ? "id" : "new_id") + " = " + id : rows;
    }

    /** Returns the item of a select list that says which call a row is about. */
    private String id(String column) {
        return many ? column + ", " : "";
    }

    private String finished(String statement) {
        return many ? PARAMETER.matcher(statement).replaceAll("q.$1") : statement;
    }
}
