package dev.runledger.jdbi;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.CallOutcome.Imported;
import dev.runledger.run.Dispatch;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunImport;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.TaskChange;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/**
 * Writes an imported run as it stands, its tasks as they stand, and an event for each change: in one transaction. What could refuse it
 * is looked for before anything is written, since a transaction of the application is not rolled back by a refusal.
 */
final class Importer {
    private final Writer writer;
    private final CommonSql sql;
    private final StoreCommand.ImportRun command;
    private final RunImport.Life life;
    private final WorkflowRun run;

    Importer(Writer writer, CommonSql sql, StoreCommand.ImportRun command) {
        this.writer = writer;
        this.sql = sql;
        this.command = command;
        this.life = command.life();
        this.run = life.run();
    }

    Imported imported() {
        return writer.attempt.transaction(() -> {
            Optional<Imported> taken = taken();
            if (taken.isPresent()) {
                return taken.get();
            }
            if (!insertRun()) {
                return notInserted();
            }
            insertPayloads();
            insertTasks();
            insertEvents();
            return new Imported.Done(run);
        });
    }

    /** Returns the outcome of an import of a task that another run has. */
    private Optional<Imported> taken() {
        for (TaskRun task : life.tasks()) {
            Query query = writer.handle.createQuery(sql.runOfTask);
            Binder.of(query, writer.database).text("id", task.id().value());
            Optional<RunId> holder = query.mapTo(String.class).findFirst().map(RunId::of);
            if (holder.isPresent()) {
                return there().or(() -> holder.map(other ->
                        new Imported.Refused("task %s belongs to run %s".formatted(task.id(), other), holder)));
            }
        }
        return Optional.empty();
    }

    /** Inserts the run; one in flight meets its rivals first. */
    private boolean insertRun() {
        return (run.state().isTerminal() || execute(sql.importedInFlight))
                && execute(sql.importedRun)
                && insertBeside();
    }

    private boolean execute(String statement) {
        Update insert = writer.handle.createUpdate(statement);
        Binder binder = writer.binder(insert);
        RunColumns.bindRequest(binder, run.request());
        RunColumns.bindState(binder, run, latest(), payloads());
        binder.flag("guardable", run.target().isPresent());
        return insert.execute() == 1;
    }

    private int payloads() {
        boolean answered = run.resumption().flatMap(Resumption::payload).isPresent();
        return RunColumns.payloads(command.run()) | Body.RESUMPTION.bitIf(answered);
    }

    private boolean insertBeside() {
        if (run.state().isInFlight() && run.state() != RunState.SUSPENDED) {
            return true;
        }
        Update insert = writer.handle.createUpdate(run.state().isTerminal() ? sql.importedEnd : sql.importedWait);
        writer.binder(insert).text("id", run.id().value());
        return insert.execute() == 1;
    }

    private void insertPayloads() {
        String id = run.id().value();
        writer.payloads(command.run());
        writer.payload(
                id,
                "",
                Body.RESUMPTION,
                run.resumption().flatMap(Resumption::payload).map(PayloadColumn::write));
        for (TaskRun task : life.tasks()) {
            String taskId = task.id().value();
            writer.payload(id, taskId, Body.INPUT, task.request().input().map(PayloadColumn::write));
            writer.payload(
                    id,
                    taskId,
                    Body.OUTPUT,
                    task.result().flatMap(TaskRun.Result::output).map(PayloadColumn::write));
        }
    }

    private WorkflowRunEvent latest() {
        return life.steps().stream()
                .filter(step -> step.task().isEmpty())
                .map(step -> ((RunChange) step.change()).event())
                .reduce(WorkflowRunEvent.QUEUED, (older, newer) -> newer);
    }

    private Imported notInserted() {
        return there().orElseGet(() -> {
            Dispatch.Refused refused =
                    writer.outcomes.refusal(run.request()).orElseGet(() -> Outcomes.wasInFlight(run.request()));
            return new Imported.Refused(refused.reason(), refused.blocker());
        });
    }

    /** Returns the outcome if a run with the id is there: stored by an earlier attempt at this very call, or by another one. */
    private Optional<Imported> there() {
        return writer.reader
                .run(writer.handle, run.id())
                .map(RunColumns.Stored::run)
                .map(this::there);
    }

    private Imported there(WorkflowRun standing) {
        boolean own = writer.reader.calls(writer.handle, run.id()).stream().anyMatch(call -> call.isOf(command));
        return own ? new Imported.Done(run) : new Imported.AlreadyThere(standing);
    }

    private void insertTasks() {
        PreparedBatch batch = writer.handle.prepareBatch(sql.importedTask);
        for (TaskRun task : life.tasks()) {
            TaskColumns.bind(Binder.of(batch, writer.database), task);
            batch.add();
        }
        execute(batch);
    }

    private void insertEvents() {
        PreparedBatch batch = writer.handle.prepareBatch(sql.event);
        Binder values = Binder.of(batch, writer.database);
        ChangeValues.bindHead(values, command.head());
        values.text("event", WorkflowRunEvent.QUEUED.eventName())
                .text("childRunId", (String) null)
                .text("data", EventData.of(command.head()));
        bindEvent(values, life.queued());
        batch.add();
        for (RunImport.Step step : life.steps()) {
            if (step.change() instanceof RunChange change) {
                ChangeValues.bindEvent(values, change);
                bindEvent(values, step.run());
            } else if (step.change() instanceof TaskChange change) {
                TaskRun task = step.task().orElseThrow();
                ChangeValues.bindEvent(values, change);
                values.text("taskId", task.id().value())
                        .number("seq", task.seq())
                        .text("runId", run.id().value())
                        .number("runSeq", step.run().seq())
                        .instant("moment", task.changedAt());
            }
            batch.add();
        }
        execute(batch);
    }

    private static void bindEvent(Binder values, WorkflowRun then) {
        values.text("runId", then.id().value())
                .text("taskId", "")
                .number("seq", then.seq())
                .number("runSeq", null)
                .instant("moment", then.times().changedAt());
    }

    /** Sends a batch if there is something in it. */
    private static void execute(PreparedBatch batch) {
        if (batch.size() > 0) {
            batch.execute();
        }
    }
}
