package dev.runledger.jdbi;

import dev.runledger.run.NewRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.state.TaskState;
import dev.runledger.store.TaskChange;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The statements by which PostgreSQL changes runs and tasks, one for each kind of change.
 *
 * <p>Each locks the row ({@code old}), reads the clock under the lock ({@code t}), changes the row if its state fits ({@code new}),
 * inserts the event ({@code event}), and selects the row as it was before, with whether it was changed. In a statement for a task,
 * {@code r} is its run.
 */
final class PostgresSql {
    /** Whether this very call, or one with the same idempotency key, has stored its event already. */
    private static final String MADE_BEFORE = "EXISTS (SELECT 1 FROM ${event} e WHERE e.subject = :id"
            + " AND (e.call_id = :callId OR e.transition_id = :idempotencyKey))";

    private static final String LOCKED_RUN = "WITH old AS (SELECT * FROM ${run} WHERE id = :id FOR NO KEY UPDATE),"
            + " t AS MATERIALIZED (SELECT old.*, clock_timestamp() AS moment FROM old)";

    private static final String RUN_BEFORE = "SELECT t.moment, new.seq IS NOT NULL AS applied, " + RunColumns.whole("t")
            + " FROM t LEFT JOIN new ON TRUE";

    final CommonSql common;
    final String claim;
    private final Tables tables;
    private final Map<RunCommand, String> changes = new EnumMap<>(RunCommand.class);
    private final Map<TaskChange.Kind, String> taskChanges = new EnumMap<>(TaskChange.Kind.class);
    private final Map<InsertShape, String> dispatches = new ConcurrentHashMap<>();
    private final Map<InsertShape, String> handOffs = new ConcurrentHashMap<>();

    PostgresSql(Tables tables) {
        this.tables = tables;
        this.common = new CommonSql(tables);
        this.claim =
                tables.in(LOCKED_RUN + ", new AS (UPDATE ${run} r SET owner = :worker, claim_token = :claimToken FROM t"
                        + " WHERE r.id = t.id AND t.state = 'RUNNING' AND t.owner IS NULL AND NOT t.handed_off AND "
                        + Fragments.expected("t.") + " RETURNING r.seq) " + RUN_BEFORE);
        for (RunCommand command : RunCommand.values()) {
            if (command != RunCommand.HAND_OFF) { // whose statement depends on the child
                changes.put(command, tables.in(runChange(command)));
            }
        }
        for (TaskChange.Kind kind : TaskChange.Kind.values()) {
            taskChanges.put(kind, tables.in(kind.isBegin() ? taskBegin() : taskChange(kind)));
        }
    }

    /** Inserts a run that is queued, if nothing is in its way, and its event; selects the time, or nothing. */
    String dispatch(NewRun run) {
        return dispatches.computeIfAbsent(InsertShape.of(run), shape -> tables.in(dispatch(shape)));
    }

    /** Changes a run otherwise than by a hand-off. */
    String change(RunCommand command) {
        return Objects.requireNonNull(changes.get(command));
    }

    /** Inserts the child and changes the parent: both or neither. */
    String handOff(NewRun child) {
        return handOffs.computeIfAbsent(InsertShape.of(child), shape -> tables.in(handOff(shape)));
    }

    /** Makes or changes a task. */
    String change(TaskChange.Kind kind) {
        return Objects.requireNonNull(taskChanges.get(kind));
    }

    // ---- runs

    private static String dispatch(InsertShape run) {
        return "WITH new AS ("
                + Fragments.insertRun(run, "m.moment", " FROM (SELECT clock_timestamp() AS moment) m", "TRUE")
                + " RETURNING queued_at), event AS (" + Fragments.INSERT_EVENT
                + "SELECT :new_id, 1, :new_id, NULL, :event, new.queued_at, :idempotencyKey, :callId, NULL, :data FROM new)"
                + " SELECT queued_at FROM new";
    }

    private static String fits(RunCommand command) {
        String key =
                command == RunCommand.RESUME ? " AND (CAST(:key AS text) IS NULL OR t.correlation_key = :key)" : "";
        String here = command == RunCommand.REQUEUE ? " AND NOT t.handed_off" : "";
        return "t.state IN " + Fragments.in(RunState.class, command::leaves) + " AND " + Fragments.expected("t.") + here
                + key + " AND NOT "
                + MADE_BEFORE;
    }

    private static String runChange(RunCommand command) {
        String heir = command.isTerminal()
                ? ", heir AS (" + Fragments.passGuard(" FROM t, new", "t.")
                        + " AND t.guarded AND (t.parent_run_id IS NOT NULL OR EXISTS (SELECT 1 FROM ${run} k WHERE k.parent_run_id = t.id)))"
                : "";
        return LOCKED_RUN + ", new AS (UPDATE ${run} r SET seq = t.seq + 1, "
                + Fragments.assignments(command, Database.POSTGRESQL, "t.", "t.moment")
                + " FROM t WHERE r.id = t.id AND " + fits(command) + " RETURNING r.seq, r.changed_at), event AS ("
                + Fragments.INSERT_EVENT
                + "SELECT :id, new.seq, :id, NULL, :event, new.changed_at, :idempotencyKey, :callId, :childRunId, :data FROM new)"
                + heir + ' ' + RUN_BEFORE;
    }

    /** Puts the row of the child first: if it cannot be made, the parent is left as it was. */
    private static String handOff(InsertShape child) {
        return LOCKED_RUN + ", child AS ("
                + Fragments.insertRun(child, "t.moment", " FROM t", fits(RunCommand.HAND_OFF)) + " RETURNING id),"
                + " new AS (UPDATE ${run} r SET seq = t.seq + 1, "
                + Fragments.assignments(RunCommand.HAND_OFF, Database.POSTGRESQL, "t.", "t.moment")
                + " FROM t, child WHERE r.id = t.id RETURNING r.seq, r.changed_at), event AS (" + Fragments.INSERT_EVENT
                + "SELECT :id, new.seq, :id, CAST(NULL AS bigint), :event, new.changed_at, :idempotencyKey, :callId, :childRunId, :data FROM new"
                + " UNION ALL SELECT :new_id, 1, :new_id, NULL, :childEvent, new.changed_at, NULL, :callId, NULL, :childData FROM new) "
                + RUN_BEFORE;
    }

    // ---- tasks

    private static String taskBegin() {
        return "WITH r AS MATERIALIZED (SELECT *, clock_timestamp() AS moment FROM ${run} WHERE id = :task_run_id),"
                + " new AS (INSERT INTO ${task} (" + TaskColumns.inserted() + ") SELECT "
                + TaskColumns.begun("r.moment", "r.execution") + " FROM r WHERE r.state IN " + Fragments.IN_FLIGHT
                + " ON CONFLICT DO NOTHING RETURNING seq), event AS (" + Fragments.INSERT_EVENT
                + "SELECT :id, 1, :task_run_id, r.seq, :event, r.moment, :idempotencyKey, :callId, NULL, :data FROM new, r)"
                + " SELECT r.moment, new.seq IS NOT NULL AS applied, " + RunColumns.whole("r")
                + " FROM r LEFT JOIN new ON TRUE";
    }

    private static String taskChange(TaskChange.Kind kind) {
        return "WITH old AS (SELECT * FROM ${task} WHERE id = :id FOR NO KEY UPDATE),"
                + " t AS MATERIALIZED (SELECT old.*, clock_timestamp() AS moment FROM old),"
                + " r AS (SELECT * FROM ${run} WHERE id = (SELECT run_id FROM t)),"
                + " new AS (UPDATE ${task} x SET seq = t.seq + 1, "
                + Fragments.taskAssignments(kind, "t.", "t.moment", "r.execution")
                + " FROM t, r WHERE x.id = t.id AND t.state IN "
                + Fragments.in(TaskState.class, state -> state.mayBecome(kind.enters())) + " AND r.state IN "
                + Fragments.IN_FLIGHT + (kind == TaskChange.Kind.RETRY ? "" : " AND t.execution >= r.execution")
                + " AND NOT "
                + MADE_BEFORE + " RETURNING x.seq, x.changed_at), event AS ("
                + Fragments.INSERT_EVENT
                + "SELECT :id, new.seq, r.id, r.seq, :event, new.changed_at, :idempotencyKey, :callId, NULL, :data FROM new, r)"
                + " SELECT t.moment, new.seq IS NOT NULL AS applied, " + RunColumns.whole("r") + ", "
                + TaskColumns.select("t") + " FROM t JOIN r ON TRUE LEFT JOIN new ON TRUE";
    }
}
