package dev.runledger.jdbi;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.Lifecycle.Decision;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.TaskChange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Makes each change by a few statements of {@link SqliteSql}. Nobody else writes meanwhile, since the transaction holds the file's write
 * lock from its beginning. The clock is the application's, since the database has none that is better.
 */
final class SqliteWriter extends Writer {
    private final SqliteSql statements;
    private final InstantSource clock;

    SqliteWriter(Attempt attempt, Reader reader, SqliteSql statements, InstantSource clock) {
        super(attempt, Database.SQLITE, reader, statements.common);
        this.statements = statements;
        this.clock = clock;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    // ---- runs

    @Override
    Optional<Instant> store(StoreCommand.DispatchRun command) {
        Instant now = now();
        if (!queue(command.run(), now)) {
            return Optional.empty();
        }
        queuedEvent(command.runId(), command.head(), now);
        return Optional.of(now);
    }

    private boolean queue(NewRun run, Instant now) {
        if (!inserted(statements.insertInFlight(run), run, now)) {
            return false;
        }
        Update insert = handle.createUpdate(statements.insertRun);
        Binder binder = binder(insert);
        RunColumns.bindRequest(binder, run);
        binder.instant("moment", now);
        insert.execute();
        if (run.oncePerDelivery()) {
            inserted(statements.insertDelivery, run, now);
        }
        payloads(run);
        return true;
    }

    private boolean inserted(String statement, NewRun run, Instant now) {
        Update insert = handle.createUpdate(statement);
        Binder binder = binder(insert);
        RunColumns.bindIdentity(binder, run);
        binder.instant("moment", now);
        return insert.execute() == 1;
    }

    private void queuedEvent(RunId id, StoreCommand.Head head, Instant now) {
        Update insert = handle.createUpdate(sql.event);
        Binder values = binder(insert);
        ChangeValues.bindHead(values, head);
        values.text("event", WorkflowRunEvent.QUEUED.eventName())
                .text("childRunId", (String) null)
                .text("data", EventData.of(head));
        event(insert, values, id.value(), "", 1, null, now);
    }

    private static void event(
            Update insert, Binder values, String runId, String taskId, long seq, @Nullable Long runSeq, Instant now) {
        values.text("runId", runId)
                .text("taskId", taskId)
                .number("seq", seq)
                .number("runSeq", runSeq)
                .instant("moment", now);
        insert.execute();
    }

    @Override
    Optional<WorkflowRun> store(RunChange change) {
        Instant now = now();
        if (change instanceof RunChange.HandOff handOff && !handsOff(handOff, now)) {
            return Optional.empty();
        }
        Query query = handle.createQuery(statements.change(ChangeShape.of(change, attempt.isAgain())));
        Binder binder = binder(query);
        ChangeValues.bindRow(binder, change);
        ChangeValues.bindHead(binder, change.head());
        ChangeValues.bindExpected(binder, change.head());
        binder.instant("moment", now);
        Optional<WorkflowRun> after = query.map((row, context) -> changed(row, change.runId()))
                .findFirst()
                .map(run -> asAsked(run, change));
        after.ifPresent(run -> stored(change, run, now));
        return after;
    }

    /** Queues the child if its parent can be handed off; nobody changes the parent before that is done. */
    private boolean handsOff(RunChange.HandOff change, Instant now) {
        Optional<RunColumns.Stored> parent = reader.run(handle, change.runId());
        return parent.isPresent()
                && Lifecycle.decide(parent.get().run(), parent.get().latest(), change, now) instanceof Decision.Next
                && reader.calls(handle, change.runId()).stream().noneMatch(call -> call.isSame(change))
                && queue(change.child(), now);
    }

    private void stored(RunChange change, WorkflowRun after, Instant now) {
        Update insert = handle.createUpdate(sql.event);
        Binder values = binder(insert);
        ChangeValues.bindEvent(values, change);
        event(insert, values, after.id().value(), "", after.seq(), null, now);
        if (change instanceof RunChange.HandOff handOff) {
            queuedEvent(handOff.childId(), change.head().idempotencyKey(null), now); // the key is the parent's
        } else if (change instanceof RunChange.Resume resume) {
            payload(
                    after.id().value(),
                    "",
                    Body.RESUMPTION,
                    resume.resumption().payload().map(PayloadColumn::write));
        }
    }

    // ---- tasks

    @Override
    Optional<TaskTransition.Applied> store(TaskChange change) {
        Instant now = now();
        Optional<TaskTransition.Applied> applied =
                change instanceof TaskChange.Begin begin ? begun(begin, now) : changed(change, now);
        applied.ifPresent(made -> {
            Update insert = handle.createUpdate(sql.event);
            Binder values = binder(insert);
            ChangeValues.bindEvent(values, change);
            TaskRun task = made.after();
            String runId = task.runId().value();
            event(
                    insert,
                    values,
                    runId,
                    task.id().value(),
                    task.seq(),
                    made.run().seq(),
                    now);
            if (change instanceof TaskChange.Begin) {
                payload(
                        runId,
                        task.id().value(),
                        Body.INPUT,
                        task.request().input().map(PayloadColumn::write));
            } else if (change instanceof TaskChange.End end) {
                payload(
                        runId,
                        task.id().value(),
                        Body.OUTPUT,
                        end.result().output().map(PayloadColumn::write));
            }
        });
        return applied;
    }

    private Optional<TaskTransition.Applied> begun(TaskChange.Begin begin, Instant now) {
        Update insert = handle.createUpdate(statements.change(TaskShape.of(begin, attempt.isAgain())));
        Binder binder = binder(insert);
        ChangeValues.bindRow(binder, begin);
        binder.instant("moment", now);
        return insert.execute() == 0
                ? Optional.empty()
                : reader.run(handle, begin.runId())
                        .map(RunColumns.Stored::run)
                        .map(run -> new TaskTransition.Applied(Lifecycle.next(null, begin, run, now), run));
    }

    private Optional<TaskTransition.Applied> changed(TaskChange change, Instant now) {
        Query query = handle.createQuery(statements.change(TaskShape.of(change, attempt.isAgain())));
        Binder binder = binder(query);
        ChangeValues.bindRow(binder, change);
        ChangeValues.bindHead(binder, change.head());
        binder.instant("moment", now);
        return query.map((row, context) -> task(row, change))
                .findFirst()
                .flatMap(task ->
                        reader.run(handle, task.runId()).map(stored -> new TaskTransition.Applied(task, stored.run())));
    }

    private TaskRun task(ResultSet columns, TaskChange change) throws SQLException {
        try {
            return asAsked(TaskColumns.read(new Row(columns, database)), change);
        } catch (IllegalArgumentException broken) {
            throw unreadable("task " + change.taskId(), broken);
        }
    }
}
