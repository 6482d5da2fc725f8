package dev.runledger.jdbi;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.CallOutcome.Imported;
import dev.runledger.run.Dispatch;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.WorkflowRun;
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
            insertTasks();
            insertEvents();
            return new Imported.Done(run);
        });
    }

    /** Returns the outcome of an import of a task that another run has. */
    private Optional<Imported> taken() {
        for (TaskRun task : life.tasks()) {
            Query query = writer.handle.createQuery(sql.runOfTask);
            new Binder(query, writer.database).text("id", task.id().value());
            Optional<RunId> holder = query.mapTo(String.class).findFirst().map(RunId::of);
            if (holder.isPresent()) {
                return there().or(() -> holder.map(other ->
                        new Imported.Refused("task %s belongs to run %s".formatted(task.id(), other), holder)));
            }
        }
        return Optional.empty();
    }

    private boolean insertRun() {
        Update insert = writer.handle.createUpdate(sql.importedRun);
        Binder binder = writer.binder(insert);
        RunColumns.bindRequest(binder, run.request());
        RunColumns.bindState(binder, run, latest());
        binder.flag("guardable", run.state().isInFlight() && run.target().isPresent());
        return insert.execute() == 1;
    }

    private WorkflowRunEvent latest() {
        return life.steps().stream()
                .filter(step -> step.task().isEmpty())
                .map(step -> ((RunChange) step.change()).event())
                .reduce(WorkflowRunEvent.QUEUED, (older, newer) -> newer);
    }

    private Imported notInserted() {
        return there().orElseGet(() -> {
            Dispatch.Refused refused = writer.refusal(run.request()).orElseGet(() -> Writer.wasInFlight(run.request()));
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
        boolean own = writer.reader.calls(writer.handle, command.subject()).stream()
                .anyMatch(call -> Writer.isOwn(call, command));
        return own ? new Imported.Done(run) : new Imported.AlreadyThere(standing);
    }

    private void insertTasks() {
        PreparedBatch batch = writer.handle.prepareBatch(sql.importedTask);
        for (TaskRun task : life.tasks()) {
            TaskColumns.bind(new Binder(batch, writer.database), task);
            batch.add();
        }
        execute(batch);
    }

    private void insertEvents() {
        PreparedBatch batch = writer.handle.prepareBatch(sql.importedEvent);
        Binder values = new Binder(batch, writer.database);
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
                values.text("subject", task.id().value())
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
        values.text("subject", then.id().value())
                .number("seq", then.seq())
                .text("runId", then.id().value())
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
