package dev.runledger.jdbi;

import dev.runledger.event.EventJson;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.Trigger;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import dev.runledger.store.TaskChange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/**
 * Carries out the command of one attempt. A call that fits is stored by conditional statements, each database's own. Only one that does
 * not fit reads what stands, to answer why: {@link Outcomes}.
 */
abstract class Writer implements StoreCommand.Handler {
    /** How often a call is made again that would have fitted what stood after it. */
    private static final int MOST_RACES = 100;

    final Attempt attempt;
    final Handle handle;
    final Database database;
    final Reader reader;
    final CommonSql sql;
    final Outcomes outcomes;

    Writer(Attempt attempt, Database database, Reader reader, CommonSql sql) {
        this.attempt = attempt;
        this.handle = attempt.handle();
        this.database = database;
        this.reader = reader;
        this.sql = sql;
        this.outcomes = new Outcomes(handle, reader);
    }

    final Binder binder(SqlStatement<?> statement) {
        return Binder.of(statement, database);
    }

    /** Reads the run that a statement has changed and selects. */
    final WorkflowRun changed(ResultSet columns, RunId id) throws SQLException {
        try {
            return RunColumns.read(new Row(columns, database), true).run();
        } catch (IllegalArgumentException broken) {
            throw unreadable("run " + id, broken);
        }
    }

    /** Returns that a row cannot be read after its change: SQLite rolls the transaction back, PostgreSQL may have committed it. */
    final StoreException unreadable(String what, IllegalArgumentException broken) {
        return Reader.unreadable(what, database == Database.SQLITE ? Certainty.NOT_STORED : Certainty.UNKNOWN, broken);
    }

    // ---- what the databases do in their own ways

    /** Stores a run that is queued, with its event; returns the time, or empty if something is in its way. */
    abstract Optional<Instant> store(StoreCommand.DispatchRun command);

    /** Stores a change of a run, with its event; returns the run as it left it, or empty if it does not fit. */
    abstract Optional<WorkflowRun> store(RunChange change);

    /** Stores a change of a task, with its event; returns what it made, or empty if it does not fit. */
    abstract Optional<TaskTransition.Applied> store(TaskChange change);

    // ---- the road of every change

    @Override
    public final Dispatch dispatch(StoreCommand.DispatchRun command) {
        return store(command)
                .<Dispatch>map(queuedAt -> new Dispatch.Queued(Lifecycle.queued(command.run(), queuedAt)))
                .orElseGet(() -> outcomes.notQueued(command));
    }

    @Override
    public final Transition change(RunChange change) {
        return untilAnswered(
                change,
                () -> store(change)
                        .<Transition>map(after -> new Transition.Applied(
                                after, Outcomes.child(change, after.times().changedAt())))
                        .or(() -> outcomes.notApplied(change)));
    }

    @Override
    public final Transition claim(StoreCommand.ClaimRun command) {
        return untilAnswered(
                command,
                () -> store(command).<Transition>map(Transition.Applied::new).or(() -> outcomes.notClaimed(command)));
    }

    /** Stores a claim; returns the run, or empty if it cannot be claimed. */
    private Optional<WorkflowRun> store(StoreCommand.ClaimRun command) {
        Query query = handle.createQuery(sql.claim);
        ChangeValues.bindClaim(binder(query), command);
        return query.map((row, context) -> changed(row, command.runId())).findFirst();
    }

    @Override
    public final TaskTransition change(TaskChange change) {
        return untilAnswered(
                change,
                () -> store(change).<TaskTransition>map(applied -> applied).or(() -> outcomes.notApplied(change)));
    }

    /** Makes a call again if what stood in its way is gone when it is looked for. */
    private static <T> T untilAnswered(StoreCommand<?> command, Supplier<Optional<T>> call) {
        for (int race = 0; race < MOST_RACES; race++) {
            Optional<T> answer = call.get();
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new IllegalStateException("the statement of %s %s does not store what the state machine allows"
                .formatted(command.call().code(), command.subject()));
    }

    // ---- what needs no decision

    /** Returns a run as a change left it, with the payload that the change brought: the statement does not see what it inserts. */
    static WorkflowRun asAsked(WorkflowRun after, RunChange change) {
        return change instanceof RunChange.Resume resume
                ? after.toBuilder().resumption(resume.resumption()).build()
                : after;
    }

    /** Returns a task as a change left it, with the output that the change brought. */
    static TaskRun asAsked(TaskRun after, TaskChange change) {
        return change instanceof TaskChange.End end
                ? after.toBuilder().result(end.result()).build()
                : after;
    }

    /** Inserts what stands beside the row of a new run. */
    final void payloads(NewRun run) {
        String id = run.id().orElseThrow().value();
        payload(id, "", Body.DETAILS, run.trigger().flatMap(Trigger::details).map(PayloadColumn::write));
        payload(id, "", Body.TRIGGER, run.trigger().flatMap(Trigger::payload).map(PayloadColumn::write));
        payload(id, "", Body.INPUT, run.input());
    }

    /** Inserts a payload if it is there. */
    final void payload(String runId, String taskId, Body kind, Optional<String> body) {
        if (body.isPresent()) {
            Update insert = handle.createUpdate(sql.payload);
            binder(insert)
                    .text("runId", runId)
                    .text("taskId", taskId)
                    .text("kind", kind.kind())
                    .text("body", body);
            insert.execute();
        }
    }

    @Override
    public final Dispatch refuse(StoreCommand.RecordRefusal command) {
        LedgerEvent event = command.event();
        Update insert = handle.createUpdate(sql.refusal);
        binder(insert)
                .text("id", event.eventId())
                .instant("moment", event.occurredAt())
                .text("data", EventJson.write(event));
        insert.execute();
        return command.refusal();
    }

    @Override
    public final CallOutcome.Imported importRun(StoreCommand.ImportRun command) {
        return new Importer(this, sql, command).imported();
    }
}
