package dev.runledger.jdbi;

import dev.runledger.run.NewRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.TaskChange;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The statements by which SQLite changes runs and tasks once a change is decided. */
final class SqliteSql {
    final CommonSql common;
    final String insertEvent;
    final String claim;
    final String passGuard;
    private final Tables tables;
    private final Map<InsertShape, String> inserts = new ConcurrentHashMap<>();
    private final Map<RunCommand, String> changes = new EnumMap<>(RunCommand.class);
    private final Map<TaskChange.Kind, String> taskChanges = new EnumMap<>(TaskChange.Kind.class);

    SqliteSql(Tables tables) {
        this.tables = tables;
        this.common = new CommonSql(tables);
        this.insertEvent = tables.in(
                Fragments.INSERT_EVENT
                        + "VALUES (:subject, :seq, :runId, :runSeq, :event, :moment, :idempotencyKey, :callId, :childRunId, :data)");
        this.claim = tables.in("UPDATE ${run} SET owner = :worker, claim_token = :claimToken WHERE id = :id");
        this.passGuard = tables.in(
                Fragments.passGuard("", ":") + " AND NOT EXISTS (SELECT 1 FROM ${run} g WHERE g.guarded"
                        + " AND g.project = :project AND g.workflow_name = :workflow_name AND g.target = :target AND g.channel = :channel)");
        for (RunCommand command : RunCommand.values()) {
            changes.put(
                    command,
                    tables.in("UPDATE ${run} SET seq = seq + 1, "
                            + Fragments.assignments(command, Database.SQLITE, "", ":moment") + " WHERE id = :id"));
        }
        for (TaskChange.Kind kind : TaskChange.Kind.values()) {
            taskChanges.put(kind, tables.in(taskChange(kind)));
        }
    }

    /** Inserts a run that is queued, if nothing is in its way. */
    String insert(NewRun run) {
        return inserts.computeIfAbsent(
                InsertShape.of(run), shape -> tables.in(Fragments.insertRun(shape, ":moment", "", "TRUE")));
    }

    /** Changes the row of a run. */
    String change(RunCommand command) {
        return Objects.requireNonNull(changes.get(command));
    }

    /** Makes or changes the row of a task. */
    String change(TaskChange.Kind kind) {
        return Objects.requireNonNull(taskChanges.get(kind));
    }

    private static String taskChange(TaskChange.Kind kind) {
        return kind.isBegin()
                ? "INSERT INTO ${task} (" + TaskColumns.inserted() + ") VALUES ("
                        + TaskColumns.begun(":moment", ":execution") + ")"
                : "UPDATE ${task} SET seq = seq + 1, " + Fragments.taskAssignments(kind, "", ":moment", ":execution")
                        + " WHERE id = :id";
    }
}
