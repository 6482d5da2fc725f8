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
    final String insertRun;
    private final Tables tables;
    private final Map<Object, String> statements = new ConcurrentHashMap<>();

    SqliteSql(Tables tables) {
        this.tables = tables;
        this.common = new CommonSql(Database.SQLITE, tables);
        this.insertRun = tables.in(Fragments.insertRun("VALUES (" + RunColumns.queued(":moment") + ")"));
    }

    /** Puts a run in flight, if nothing is in its way. */
    String insertInFlight(NewRun run) {
        return statements.computeIfAbsent(InsertShape.of(run), shape -> {
            InsertShape insert = (InsertShape) shape;
            return tables.in(Fragments.INSERT_IN_FLIGHT + ":moment, " + Fragments.guarded(insert) + " WHERE "
                    + Fragments.isFree(insert) + " ON CONFLICT DO NOTHING");
        });
    }

    /** Inserts the delivery of a run that is in flight. */
    String insertDelivery() {
        return statements.computeIfAbsent("delivery", shape -> tables.in(Fragments.INSERT_DELIVERY));
    }

    /** Changes a run; selects it. */
    String change(ChangeShape change) {
        return statements.computeIfAbsent(change, shape -> tables.in(run(change)));
    }

    /** Makes a task, if its run is in flight and no task has its id. */
    String begin(TaskShape change) {
        return statements.computeIfAbsent(
                change,
                shape -> tables.in("INSERT INTO ${task} (" + TaskColumns.inserted() + ") SELECT "
                        + TaskColumns.begun(":moment", "r.execution")
                        + " FROM ${run} r WHERE r.id = :task_run_id AND r.state IN " + Fragments.IN_FLIGHT
                        + " ON CONFLICT DO NOTHING"));
    }

    /** Changes a task; selects it. */
    String change(TaskShape change) {
        return statements.computeIfAbsent(change, shape -> tables.in(task(change)));
    }

    private static String run(ChangeShape change) {
        RunCommand command = change.command();
        return "UPDATE ${run} SET seq = seq + 1, " + Fragments.assignments(change, Database.SQLITE, "", ":moment")
                + " WHERE id = :id AND " + Fragments.fits(command, RUN)
                + (change.checked() ? " AND " + Fragments.isNew(RUN + "id", "''") : "") + " RETURNING "
                + RunColumns.whole(RUN);
    }

    private static String task(TaskShape change) {
        TaskChange.Kind kind = change.kind();
        String execution = "(SELECT r.execution FROM ${run} r WHERE r.id = " + TASK + "run_id)";
        return "UPDATE ${task} SET seq = seq + 1, " + Fragments.assignments(change, "", ":moment", execution)
                + " WHERE id = :id AND EXISTS (SELECT 1 FROM ${run} r WHERE r.id = " + TASK + "run_id AND "
                + Fragments.fits(kind, TASK, "r.") + ")"
                + (change.checked() ? " AND " + Fragments.isNew(TASK + "run_id", TASK + "id") : "") + " RETURNING "
                + TaskColumns.select(TASK);
    }
}
