package dev.runledger.jdbi;

import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.Lifecycle.Decision;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreException.Certainty;
import dev.runledger.store.TaskChange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/**
 * Changes a run or a task by one statement of {@link PostgresSql}, which gives back the row as it was when its lock was held. {@link
 * Lifecycle} then computes what the statement made of it; the conditions of the statement repeat its rules. Only a call that was not
 * applied reads more, to say why.
 */
final class PostgresWriter extends Writer {
    private final PostgresSql sql;

    PostgresWriter(Attempt attempt, Reader reader, PostgresSql sql) {
        super(attempt, Database.POSTGRESQL, reader, sql.common);
        this.sql = sql;
    }

    private Binder binder(Query query) {
        return new Binder(query, database);
    }

    // ---- runs

    @Override
    public Dispatch dispatch(StoreCommand.DispatchRun command) {
        Query query = handle.createQuery(sql.dispatch(command.run()));
        Binder binder = binder(query);
        RunColumns.bindRequest(binder, command.run());
        ChangeValues.bindHead(binder, command.head());
        binder.text("event", WorkflowRunEvent.QUEUED.eventName()).text("data", EventData.of(command.head()));
        Optional<Instant> queuedAt = query.map((row, context) -> Objects.requireNonNull(database.instant(row, 1)))
                .findFirst();
        return queuedAt.isPresent()
                ? new Dispatch.Queued(Lifecycle.queued(command.run(), queuedAt.get()))
                : notQueued(command);
    }

    @Override
    public Transition change(RunChange change) {
        Query query = handle.createQuery(
                change instanceof RunChange.HandOff handOff
                        ? sql.handOff(handOff.child())
                        : sql.change(change.command()));
        Binder binder = binder(query);
        ChangeValues.bindRow(binder, change);
        ChangeValues.bindEvent(binder, change);
        ChangeValues.bindExpected(binder, change.head());
        if (change instanceof RunChange.Resume resume) {
            binder.text("key", resume.resumption().correlationKey());
        } else if (change instanceof RunChange.HandOff handOff) {
            RunColumns.bindRequest(binder, handOff.child());
            binder.text("childEvent", WorkflowRunEvent.QUEUED.eventName())
                    .text("childData", EventData.of(change.head()));
        }
        Optional<RunBefore> before =
                query.map((row, context) -> RunBefore.read(row, change.runId())).findFirst();
        if (before.isEmpty()) {
            return new Transition.NotFound(change.runId(), change.command());
        }
        return before.get().applied() ? applied(before.get(), change) : notApplied(before.get(), change);
    }

    private static Transition applied(RunBefore before, RunChange change) {
        Decision decision = Lifecycle.decide(before.run(), before.latest(), change, before.moment());
        if (!(decision instanceof Decision.Next next)) {
            throw new IllegalStateException("the statement applied what the state machine does not: " + decision);
        }
        return new Transition.Applied(next.run(), child(change, before.moment()));
    }

    private Transition notApplied(RunBefore before, RunChange change) {
        WorkflowRun run = before.run();
        List<StoredCall> calls = reader.calls(handle, run.id().value());
        Optional<Transition> stored = stored(run, calls, change);
        if (stored.isPresent()) {
            return stored.get();
        }
        Decision decision = Lifecycle.decide(run, before.latest(), change, before.moment());
        if (decision instanceof Decision.Already already) {
            return already(run, calls, already.event());
        }
        if (decision instanceof Decision.No no) {
            return new Transition.Rejected(run, change.command(), no.why());
        }
        if (change instanceof RunChange.HandOff handOff) {
            return childRefused(run, handOff);
        }
        throw new IllegalStateException("the statement did not apply what the state machine does: " + change.command());
    }

    @Override
    public Transition claim(StoreCommand.ClaimRun command) {
        Query query = handle.createQuery(sql.claim);
        Binder binder = binder(query)
                .text("id", command.subject())
                .text("worker", command.worker())
                .text("claimToken", command.head().callId());
        ChangeValues.bindExpected(binder, command.head());
        Optional<RunBefore> found = query.map((row, context) -> RunBefore.read(row, command.runId()))
                .findFirst();
        if (found.isEmpty()) {
            return new Transition.NotFound(command.runId(), RunCommand.START);
        }
        WorkflowRun run = found.get().run();
        Decision decision = Lifecycle.claim(run, command);
        return decision instanceof Decision.Next next
                ? new Transition.Applied(next.run())
                : new Transition.Rejected(run, RunCommand.START, ((Decision.No) decision).why());
    }

    /** A run as it was when its lock was held. */
    private record RunBefore(WorkflowRun run, WorkflowRunEvent latest, Instant moment, boolean applied) {
        static RunBefore read(ResultSet columns, RunId id) throws SQLException {
            Row row = new Row(columns, Database.POSTGRESQL);
            Instant moment = row.requiredInstant();
            boolean applied = row.flag();
            try {
                RunColumns.Stored stored = RunColumns.read(row, true);
                return new RunBefore(stored.run(), stored.latest(), moment, applied);
            } catch (IllegalArgumentException broken) {
                throw Reader.unreadable("run " + id, certainty(applied), broken);
            }
        }
    }

    private static Certainty certainty(boolean applied) {
        return applied ? Certainty.UNKNOWN : Certainty.NOT_STORED;
    }

    // ---- tasks

    @Override
    public TaskTransition change(TaskChange change) {
        Query query = handle.createQuery(sql.change(change.kind()));
        Binder binder = binder(query);
        ChangeValues.bindRow(binder, change);
        ChangeValues.bindEvent(binder, change);
        Optional<TaskBefore> found =
                query.map((row, context) -> TaskBefore.read(row, change)).findFirst();
        if (found.isEmpty()) {
            return notFound(change);
        }
        TaskBefore before = found.get();
        if (before.applied()) {
            TaskRun next = Lifecycle.next(before.task().orElse(null), change, before.run(), before.moment());
            return new TaskTransition.Applied(next, before.run());
        }
        Optional<TaskRun> task = change.kind().isBegin() ? reader.task(handle, change.taskId()) : before.task();
        return ofRun(task, before.run())
                .flatMap(ours -> stored(ours, before.run(), change))
                .or(() -> rejection(task, before.run(), change))
                .orElseGet(() ->
                        new TaskTransition.Rejected("task %s was changed meanwhile".formatted(change.taskId()), task));
    }

    /** A task as it was when its lock was held, or empty if the change makes it, and its run. */
    private record TaskBefore(Optional<TaskRun> task, WorkflowRun run, Instant moment, boolean applied) {
        static TaskBefore read(ResultSet columns, TaskChange change) throws SQLException {
            Row row = new Row(columns, Database.POSTGRESQL);
            Instant moment = row.requiredInstant();
            boolean applied = row.flag();
            try {
                WorkflowRun run = RunColumns.read(row, true).run();
                Optional<TaskRun> task =
                        change.kind().isBegin() ? Optional.empty() : Optional.of(TaskColumns.read(row));
                return new TaskBefore(task, run, moment, applied);
            } catch (IllegalArgumentException broken) {
                throw Reader.unreadable("task " + change.taskId(), certainty(applied), broken);
            }
        }
    }
}
