package dev.runledger.jdbi;

import dev.runledger.run.NewRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.TaskChange;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The statements by which SQLite makes and changes runs and tasks, one for each shape of a call. An update selects the row as the change
 * left it; no row if the call did not fit. Triggers keep what stands beside the run.
 */
final class SqliteSql {
    private static final String RUN = "${run}.";
    private static final String TASK = "${task}.";

    final CommonSql common;

    /** Inserts a run that is in flight. */
    final String insertRun;

    /** Inserts the delivery of a run that is in flight. */
    final String insertDelivery;

    private final Tables tables;
    private final Map<InsertShape, String> inserts = new ConcurrentHashMap<>();
    private final Map<ChangeShape, String> changes = new ConcurrentHashMap<>();
    private final Map<TaskShape, String> taskChanges = new ConcurrentHashMap<>();

    SqliteSql(Tables tables) {
        this.tables = tables;
        this.common = new CommonSql(Database.SQLITE, tables);
        this.insertRun = tables.in(Fragments.insertRun("VALUES (" + RunColumns.queued(":moment") + ")"));
        this.insertDelivery = tables.in(Fragments.INSERT_DELIVERY);
    }

    /** Puts a run in flight, if nothing is in its way. */
    String insertInFlight(NewRun run) {
        return inserts.computeIfAbsent(
                InsertShape.of(run),
                shape -> tables.in(Fragments.INSERT_IN_FLIGHT + ":moment, " + Fragments.guarded(shape) + " WHERE "
                        + Fragments.isFree(shape) + " ON CONFLICT DO NOTHING"));
    }

    /** Changes a run; selects it. */
    String change(ChangeShape change) {
        return changes.computeIfAbsent(change, shape -> tables.in(run(shape)));
    }

    /** Makes a task, if its run is in flight and no task has its id; or changes a task and selects it. */
    String change(TaskShape change) {
        return taskChanges.computeIfAbsent(
                change, shape -> tables.in(shape.kind().isBegin() ? taskBegin() : taskChange(shape)));
    }

    private static String run(ChangeShape change) {
        RunCommand command = change.command();
        return "UPDATE ${run} SET seq = seq + 1, " + Fragments.assignments(change, Database.SQLITE, "", ":moment")
                + " WHERE id = :id AND " + Fragments.fits(command, RUN)
                + (change.checked() ? " AND " + Fragments.isNew(RUN + "id", "''") : "") + " RETURNING "
                + RunColumns.whole(RUN);
    }

    private static String taskBegin() {
        return "INSERT INTO ${task} (" + TaskColumns.inserted() + ") SELECT "
                + TaskColumns.begun(":moment", "r.execution")
                + " FROM ${run} r WHERE r.id = :task_run_id AND r.state IN " + Fragments.IN_FLIGHT
                + " ON CONFLICT DO NOTHING";
    }

    private static String taskChange(TaskShape change) {
        TaskChange.Kind kind = change.kind();
        String execution = "(SELECT r.execution FROM ${run} r WHERE r.id = " + TASK + "run_id)";
        return "UPDATE ${task} SET seq = seq + 1, " + Fragments.assignments(change, "", ":moment", execution)
                + " WHERE id = :id AND EXISTS (SELECT 1 FROM ${run} r WHERE r.id = " + TASK + "run_id AND "
                + Fragments.fits(kind, TASK, "r.") + ")"
                + (change.checked() ? " AND " + Fragments.isNew(TASK + "run_id", TASK + "id") : "") + " RETURNING "
                + TaskColumns.select(TASK);
    }
}
