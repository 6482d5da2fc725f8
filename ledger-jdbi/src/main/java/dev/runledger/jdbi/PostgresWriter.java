package dev.runledger.jdbi;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.TaskChange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/** Makes each change by one statement of {@link PostgresSql}. */
final class PostgresWriter extends Writer {
    private final PostgresSql statements;

    PostgresWriter(Attempt attempt, Reader reader, PostgresSql statements) {
        super(attempt, Database.POSTGRESQL, reader, statements.common);
        this.statements = statements;
    }

    // ---- runs

    @Override
    Optional<Instant> store(StoreCommand.DispatchRun command) {
        Query query = handle.createQuery(statements.dispatch(command.run()));
        bind(binder(query), command);
        return query.map((row, context) -> Objects.requireNonNull(database.instant(row, 1)))
                .findFirst();
    }

    static void bind(Binder binder, StoreCommand.DispatchRun command) {
        RunColumns.bindRequest(binder, command.run());
        RunColumns.bindPayloads(binder, command.run());
        ChangeValues.bindHead(binder, command.head());
        binder.text("event", WorkflowRunEvent.QUEUED.eventName()).text("data", EventData.of(command.head()));
    }

    @Override
    Optional<WorkflowRun> store(RunChange change) {
        Query query = handle.createQuery(
                change instanceof RunChange.HandOff handOff
                        ? statements.handOff(handOff.child())
                        : statements.change(ChangeShape.of(change, attempt.isAgain())));
        Binder binder = binder(query);
        bind(binder, change);
        if (change instanceof RunChange.HandOff handOff) {
            RunColumns.bindRequest(binder, handOff.child());
            RunColumns.bindPayloads(binder, handOff.child());
            binder.text("childEvent", WorkflowRunEvent.QUEUED.eventName())
                    .text("childData", EventData.of(change.head()));
        }
        return query.map((row, context) -> changed(row, change.runId()))
                .findFirst()
                .map(after -> asAsked(after, change));
    }

    static void bind(Binder binder, RunChange change) {
        ChangeValues.bindRow(binder, change);
        ChangeValues.bindEvent(binder, change);
        ChangeValues.bindExpected(binder, change.head());
    }

    // ---- tasks

    @Override
    Optional<TaskTransition.Applied> store(TaskChange change) {
        Query query = handle.createQuery(statements.change(TaskShape.of(change, attempt.isAgain())));
        bind(binder(query), change);
        return query.map((row, context) -> read(row, change)).findFirst();
    }

    static void bind(Binder binder, TaskChange change) {
        ChangeValues.bindRow(binder, change);
        ChangeValues.bindEvent(binder, change);
    }

    private TaskTransition.Applied read(ResultSet columns, TaskChange change) throws SQLException {
        try {
            return read(new Row(columns, database), change);
        } catch (IllegalArgumentException broken) {
            throw unreadable("task " + change.taskId(), broken);
        }
    }

    /** Reads what a change of a task selects; an {@link IllegalArgumentException} names what cannot be read. */
    static TaskTransition.Applied read(Row row, TaskChange change) throws SQLException {
        if (change.kind().isBegin()) {
            Instant moment = row.requiredInstant();
            WorkflowRun run = RunColumns.read(row, true).run();
            return new TaskTransition.Applied(Lifecycle.next(null, change, run, moment), run);
        }
        TaskRun after = asAsked(TaskColumns.read(row), change);
        return new TaskTransition.Applied(after, RunColumns.read(row, true).run());
    }
}
