package dev.runledger.jdbi;

import dev.runledger.event.EventFields;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.Transition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import dev.runledger.store.RunChange;
import dev.runledger.store.Lifecycle.Decision;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.TaskChange;
import dev.runledger.store.Lifecycle;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Reads the row, asks {@link Lifecycle}, writes what came of it: nobody else writes meanwhile, since the transaction holds the
 * file's one write lock from its beginning. The clock is the host's, as the database has none that is better.
 */
final class SqliteWriter extends Writer {
    private final InstantSource clock;
    private final Map<InsertShape, String> inserts = new ConcurrentHashMap<>();
    private final Map<RunCommand, String> changes = new EnumMap<>(RunCommand.class);
    private final Map<TaskRunEvent, String> taskChanges = new EnumMap<>(TaskRunEvent.class);
    private final String insertEvent;
    private final String claim;

    SqliteWriter(Tables tables, Reader reader, InstantSource clock) {
        super(tables, Dialect.SQLITE, reader);
        this.clock = clock;
        for (RunCommand command : EnumSet.complementOf(EnumSet.of(RunCommand.DISPATCH, RunCommand.REFUSE))) {
            changes.put(
                    command,
                    tables.in("UPDATE ${run} SET seq = seq + 1, "
                            + Fragments.assignments(command, dialect, "", ":moment") + " WHERE id = :id"));
        }
        for (TaskRunEvent event : TaskRunEvent.values()) {
            taskChanges.put(event, tables.in(taskChange(event)));
        }
        this.insertEvent = tables.in(
                Fragments.INSERT_EVENT
                        + "VALUES (:subject, :seq, :runId, :runSeq, :event, :moment, :transitionId, :callId, :childRunId, :data)");
        this.claim = tables.in("UPDATE ${run} SET owner = :worker WHERE id = :id");
    }

    @Override
    Dispatch dispatch(
            Handle handle, NewRun run, @Nullable String transitionId, String callId, @Nullable EventFields extra) {
        Instant now = now();
        if (!queue(handle, run, now)) {
            return notQueued(handle, run, callId);
        }
        event(handle, run, transitionId, callId, EventData.of(extra), now);
        return new Dispatch.Queued(Lifecycle.queued(run, now));
    }

    private boolean queue(Handle handle, NewRun run, Instant now) {
        Update insert = handle.createUpdate(inserts.computeIfAbsent(
                InsertShape.of(run), shape -> tables.in(Fragments.insertRun(shape, ":moment", "", "TRUE"))));
        Binder binder = new Binder(insert, dialect);
        RunColumns.bindRequest(binder, run);
        binder.instant("moment", now);
        return insert.execute() == 1;
    }

    private void event(
            Handle handle,
            NewRun run,
            @Nullable String transitionId,
            String callId,
            @Nullable String data,
            Instant now) {
        String id = Objects.requireNonNull(run.id()).value();
        event(
                handle,
                id,
                1,
                values -> values.text("runId", id)
                        .number("runSeq", null)
                        .text("event", WorkflowRunEvent.QUEUED.eventName())
                        .instant("moment", now)
                        .text("transitionId", transitionId)
                        .text("callId", callId)
                        .text("childRunId", null)
                        .text("data", data));
    }

    @Override
    Transition apply(Handle handle, Change change, String callId) {
        Optional<RunColumns.Stored> found = reader.run(handle, change.runId());
        if (found.isEmpty()) {
            return new Transition.NotFound(change.runId(), change.command());
        }
        WorkflowRun run = found.get().run();
        if (change.transitionId() != null || change.child() != null) {
            Step repeated = repeated(reader.steps(handle, run.id().value()), change, callId);
            if (repeated != null) {
                return alreadyStored(handle, run, change, repeated, callId);
            }
        }
        Instant now = now();
        Decision decision = Lifecycle.decide(run, found.get().latest(), change, now);
        if (decision instanceof Decision.Already already) {
            return already(run, reader.steps(handle, run.id().value()), already.event());
        }
        if (decision instanceof Decision.No no) {
            return new Transition.Rejected(run, change.command(), no.why());
        }
        NewRun child = change.child();
        if (child != null && !queue(handle, child, now)) {
            return childRefused(handle, run, child);
        }
        WorkflowRun next = ((Decision.Next) decision).run();
        update(handle, change, callId, now, next.seq());
        if (child != null) {
            event(handle, child, null, callId, EventData.of(change.extra()), now);
        }
        return new Transition.Applied(next, next.eventId(), child == null ? null : Lifecycle.queued(child, now));
    }

    private void update(Handle handle, Change change, String callId, Instant now, long seq) {
        Update update = handle.createUpdate(Objects.requireNonNull(changes.get(change.command())));
        Binder binder = new Binder(update, dialect);
        bindRow(binder, change);
        binder.instant("moment", now);
        update.execute();
        event(handle, change.runId().value(), seq, values -> {
            bindEvent(values, change, callId);
            values.text("runId", change.runId().value()).number("runSeq", null).instant("moment", now);
        });
    }

    @Override
    Transition claim(Handle handle, RunId id, String worker, int attempt) {
        Optional<RunColumns.Stored> found = reader.run(handle, id);
        if (found.isEmpty()) {
            return new Transition.NotFound(id, RunCommand.START);
        }
        WorkflowRun run = found.get().run();
        Decision decision = Lifecycle.claim(run, worker);
        if (decision instanceof Decision.No no) {
            return new Transition.Rejected(run, RunCommand.START, no.why());
        }
        Update update = handle.createUpdate(claim);
        new Binder(update, dialect).text("worker", worker).text("id", id.value());
        update.execute();
        return new Transition.Applied(((Decision.Next) decision).run(), run.eventId(), null);
    }

    @Override
    TaskTransition apply(Handle handle, TaskChange change, String callId) {
        Optional<TaskRun> found = reader.task(handle, change.taskId());
        RunId runId = change.runId() != null
                ? change.runId()
                : found.map(TaskRun::runId).orElse(null);
        Optional<RunColumns.Stored> holder = runId == null ? Optional.empty() : reader.run(handle, runId);
        if (holder.isEmpty()) {
            return noSuchTask(change);
        }
        WorkflowRun run = holder.get().run();
        TaskRun task = found.orElse(null);
        TaskTransition why = taskNotApplied(handle, task, run, change, callId);
        if (why != null) {
            return why;
        }
        Instant now = now();
        TaskRun next = Lifecycle.next(task, change, now);
        store(handle, change, now);
        event(handle, next.id().value(), next.seq(), values -> {
            bindEvent(values, change, callId);
            values.text("runId", run.id().value())
                    .number("runSeq", run.seq())
                    .instant("moment", now)
                    .text("childRunId", null);
        });
        return new TaskTransition.Applied(next, run);
    }

    private void store(Handle handle, TaskChange change, Instant now) {
        Update update = handle.createUpdate(Objects.requireNonNull(taskChanges.get(change.event())));
        Binder binder = new Binder(update, dialect);
        bindRow(binder, change);
        binder.instant("moment", now);
        update.execute();
    }

    private static String taskChange(TaskRunEvent event) {
        return begins(event)
                ? "INSERT INTO ${task} (" + TaskColumns.inserted() + ") VALUES (" + TaskColumns.begun(":moment") + ")"
                : "UPDATE ${task} SET seq = seq + 1, " + Fragments.taskAssignments(event, "", ":moment")
                        + " WHERE id = :id";
    }

    /** Gives an event its values. */
    private interface Values {
        void bind(Binder binder);
    }

    private void event(Handle handle, String subject, long seq, Values values) {
        Update insert = handle.createUpdate(insertEvent);
        Binder binder = new Binder(insert, dialect);
        values.bind(binder);
        binder.text("subject", subject).number("seq", seq);
        insert.execute();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
