package dev.runledger.jdbi;

import dev.runledger.run.NewRun;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The statements by which PostgreSQL makes one call, one for each shape of a call; each is put together once. */
final class PostgresSql {
    private static final PostgresChanges ONE = new PostgresChanges(false);

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
        return dispatches.computeIfAbsent(InsertShape.of(run), shape -> tables.in(ONE.dispatch(shape)));
    }

    /** Changes a run otherwise than by a hand-off; selects the run. */
    String change(ChangeShape change) {
        return changes.computeIfAbsent(change, shape -> tables.in(ONE.change(shape)));
    }

    /** Inserts the child and changes the parent, both or neither; selects the parent. */
    String handOff(NewRun child) {
        return handOffs.computeIfAbsent(InsertShape.of(child), shape -> tables.in(ONE.handOff(shape)));
    }

    /** Makes or changes a task; selects the time for one that it makes, or else the task; then its run. */
    String change(TaskShape change) {
        return taskChanges.computeIfAbsent(
                change, shape -> tables.in(shape.kind().isBegin() ? ONE.begin(shape) : ONE.change(shape)));
    }
}
