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
import dev.runledger.state.TaskState;
import dev.runledger.store.RunChange;
import dev.runledger.store.Lifecycle.Decision;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.StoreException.Certainty;
import dev.runledger.store.TaskChange;
import dev.runledger.store.Lifecycle;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * One statement a change: it locks the row, reads the clock once the lock is held, changes the row where its state fits, inserts the
 * event, and gives back the row as it was. What the change made of it is then {@link Lifecycle}'s answer, which the statement's
 * conditions repeat. Only a call that was not applied asks again, to say why.
 */
final class PostgresWriter extends Writer {
    /** Whether this very call, or the same call of the host's, has its event already. */
    private static final String MADE_BEFORE = "EXISTS (SELECT 1 FROM ${event} e WHERE e.subject = :id"
            + " AND (e.call_id = :callId OR e.transition_id = :transitionId))";

    private static final String CLAIMABLE = "t.state = 'RUNNING' AND t.owner IS NULL AND NOT t.handed_off";

    private final Map<RunCommand, String> changes = new EnumMap<>(RunCommand.class);
    private final Map<TaskRunEvent, String> taskChanges = new EnumMap<>(TaskRunEvent.class);
    private final Map<InsertShape, String> dispatches = new ConcurrentHashMap<>();
    private final Map<InsertShape, String> handOffs = new ConcurrentHashMap<>();
    private final String claim;
    private final String taskBegun;

    PostgresWriter(Tables tables, Reader reader) {
        super(tables, Dialect.POSTGRESQL, reader);
        for (RunCommand command : EnumSet.complementOf(EnumSet.of(RunCommand.DISPATCH, RunCommand.REFUSE))) {
            if (command != RunCommand.HAND_OFF) {
                changes.put(command, tables.in(change(command)));
            }
        }
        for (TaskRunEvent event : EnumSet.of(TaskRunEvent.SUCCEEDED, TaskRunEvent.FAILED, TaskRunEvent.RETRYING)) {
            taskChanges.put(event, tables.in(taskChange(event)));
        }
        this.claim = tables.in(locked() + ", new AS (UPDATE ${run} r SET owner = :worker FROM t WHERE r.id = t.id AND "
                + CLAIMABLE + " RETURNING r.seq) " + before());
        this.taskBegun = tables.in(taskBegun());
    }

    // ---- runs

    @Override
    Dispatch dispatch(
            Handle handle, NewRun run, @Nullable String transitionId, String callId, @Nullable EventFields extra) {
        Query query = handle.createQuery(
                dispatches.computeIfAbsent(InsertShape.of(run), shape -> tables.in(dispatch(shape))));
        Binder binder = new Binder(query, dialect);
        RunColumns.bindRequest(binder, run);
        binder.text("event", WorkflowRunEvent.QUEUED.eventName())
                .text("transitionId", transitionId)
                .text("callId", callId)
                .text("data", EventData.of(extra));
        Optional<Instant> queuedAt = query.map((row, context) -> Objects.requireNonNull(dialect.instant(row, 1)))
                .findFirst();
        return queuedAt.isPresent()
                ? new Dispatch.Queued(Lifecycle.queued(run, queuedAt.get()))
                : notQueued(handle, run, callId);
    }

    @Override
    Transition apply(Handle handle, Change change, String callId) {
        NewRun child = change.child();
        String sql = child == null
                ? Objects.requireNonNull(changes.get(change.command()))
                : handOffs.computeIfAbsent(InsertShape.of(child), shape -> tables.in(handOff(shape)));
        Query query = handle.createQuery(sql);
        Binder binder = new Binder(query, dialect);
        bindRow(binder, change);
        bindEvent(binder, change, callId);
        binder.text("fence", change.fence());
        if (change.command() == RunCommand.RESUME) {
            binder.text("key", Objects.requireNonNull(change.resumption()).correlationKey());
        }
        if (child != null) {
            RunColumns.bindRequest(binder, child);
            binder.text("childEvent", WorkflowRunEvent.QUEUED.eventName())
                    .text("childData", EventData.of(change.extra()));
        }
        Optional<Before> before =
                query.map((row, context) -> Before.read(row, change.runId())).findFirst();
        if (before.isEmpty()) {
            return new Transition.NotFound(change.runId(), change.command());
        }
        return before.get().applied()
                ? applied(before.get(), change)
                : notApplied(handle, before.get(), change, callId);
    }

    private static Transition applied(Before before, Change change) {
        Decision decision = Lifecycle.decide(before.run(), before.latest(), change, before.moment());
        if (!(decision instanceof Decision.Next next)) {
            throw new IllegalStateException("the statement applied what the state machine does not: " + decision);
        }
        WorkflowRun child = change.child() == null ? null : Lifecycle.queued(change.child(), before.moment());
        return new Transition.Applied(next.run(), next.run().eventId(), child);
    }

    private Transition notApplied(Handle handle, Before before, Change change, String callId) {
        WorkflowRun run = before.run();
        List<Step> steps = reader.steps(handle, run.id().value());
        Step repeated = repeated(steps, change, callId);
        if (repeated != null) {
            return alreadyStored(handle, run, change, repeated, callId);
        }
        Decision decision = Lifecycle.decide(run, before.latest(), change, before.moment());
        if (decision instanceof Decision.Already already) {
            return already(run, steps, already.event());
        }
        if (decision instanceof Decision.No no) {
            return new Transition.Rejected(run, change.command(), no.why());
        }
        if (change.child() != null) {
            return childRefused(handle, run, change.child());
        }
        throw new IllegalStateException("the statement did not apply what the state machine does: " + change.command());
    }

    @Override
    Transition claim(Handle handle, RunId id, String worker, int attempt) {
        Query query = handle.createQuery(claim);
        new Binder(query, dialect).text("id", id.value()).text("worker", worker);
        Optional<Before> found =
                query.map((row, context) -> Before.read(row, id)).findFirst();
        if (found.isEmpty()) {
            return new Transition.NotFound(id, RunCommand.START);
        }
        WorkflowRun run = found.get().run();
        boolean ours = attempt > 1 && worker.equals(run.owner()); // the answer to the attempt before was lost
        if (ours) {
            return new Transition.Applied(run, run.eventId(), null);
        }
        Decision decision = Lifecycle.claim(run, worker);
        return decision instanceof Decision.Next next
                ? new Transition.Applied(next.run(), next.run().eventId(), null)
                : new Transition.Rejected(run, RunCommand.START, ((Decision.No) decision).why());
    }

    /** The row as it was when its lock was held. */
    private record Before(WorkflowRun run, WorkflowRunEvent latest, Instant moment, boolean applied) {
        static Before read(ResultSet columns, RunId id) throws SQLException {
            Row row = new Row(columns, Dialect.POSTGRESQL);
            Instant moment = row.requiredInstant();
            boolean applied = row.flag();
            try {
                RunColumns.Stored stored = RunColumns.read(row, true);
                return new Before(stored.run(), stored.latest(), moment, applied);
            } catch (IllegalArgumentException broken) {
                throw Reader.unreadable("run " + id, applied ? Outcome.UNKNOWN : Outcome.NOT_STORED, broken);
            }
        }
    }

    // ---- tasks

    @Override
    TaskTransition apply(Handle handle, TaskChange change, String callId) {
        boolean begins = begins(change.event());
        Query query = handle.createQuery(begins ? taskBegun : Objects.requireNonNull(taskChanges.get(change.event())));
        Binder binder = new Binder(query, dialect);
        bindRow(binder, change);
        bindEvent(binder, change, callId);
        Optional<TaskBefore> found = query.map((row, context) -> TaskBefore.read(row, begins, change))
                .findFirst();
        if (found.isEmpty()) {
            return noSuchTask(change);
        }
        TaskBefore before = found.get();
        if (before.applied()) {
            TaskRun next = Lifecycle.next(before.task(), change, before.moment());
            return new TaskTransition.Applied(next, before.run());
        }
        TaskRun task = begins ? reader.task(handle, change.taskId()).orElse(null) : before.task();
        TaskTransition why = taskNotApplied(handle, task, before.run(), change, callId);
        return why != null
                ? why
                : new TaskTransition.Rejected("task %s was changed meanwhile".formatted(change.taskId()), task);
    }

    /** A task as it was when its lock was held, or null where it is to begin, and its run. */
    private record TaskBefore(@Nullable TaskRun task, WorkflowRun run, Instant moment, boolean applied) {
        static TaskBefore read(ResultSet columns, boolean begins, TaskChange change) throws SQLException {
            Row row = new Row(columns, Dialect.POSTGRESQL);
            Instant moment = row.requiredInstant();
            boolean applied = row.flag();
            try {
                WorkflowRun run = RunColumns.read(row, true).run();
                return new TaskBefore(begins ? null : TaskColumns.read(row), run, moment, applied);
            } catch (IllegalArgumentException broken) {
                throw Reader.unreadable(
                        "task " + change.taskId(), applied ? Outcome.UNKNOWN : Outcome.NOT_STORED, broken);
            }
        }
    }

    // ---- statements

    private static String locked() {
        return "WITH old AS (SELECT * FROM ${run} WHERE id = :id FOR NO KEY UPDATE),"
                + " t AS MATERIALIZED (SELECT old.*, clock_timestamp() AS moment FROM old)";
    }

    private static String before() {
        return "SELECT t.moment, new.seq IS NOT NULL AS applied, " + RunColumns.whole("t")
                + " FROM t LEFT JOIN new ON TRUE";
    }

    private static String dispatch(InsertShape run) {
        return "WITH new AS ("
                + Fragments.insertRun(run, "m.moment", " FROM (SELECT clock_timestamp() AS moment) m", "TRUE")
                + " RETURNING queued_at), told AS (" + Fragments.INSERT_EVENT
                + "SELECT :new_id, 1, :new_id, NULL, :event, new.queued_at, :transitionId, :callId, NULL, :data FROM new)"
                + " SELECT queued_at FROM new";
    }

    private String fits(RunCommand command) {
        String key =
                command == RunCommand.RESUME ? " AND (CAST(:key AS text) IS NULL OR t.correlation_key = :key)" : "";
        return "t.state IN " + Fragments.leaves(command) + " AND (CAST(:fence AS text) IS NULL OR t.owner = :fence)"
                + key + " AND NOT " + MADE_BEFORE;
    }

    private String change(RunCommand command) {
        return locked() + ", new AS (UPDATE ${run} r SET seq = t.seq + 1, "
                + Fragments.assignments(command, dialect, "t.", "t.moment") + " FROM t WHERE r.id = t.id AND "
                + fits(command) + " RETURNING r.seq, r.changed_at), told AS (" + Fragments.INSERT_EVENT
                + "SELECT :id, new.seq, :id, NULL, :event, new.changed_at, :transitionId, :callId, :childRunId, :data FROM new) "
                + before();
    }

    /** The child's row first: where it cannot be made, the parent is left as it was. */
    private String handOff(InsertShape child) {
        return locked() + ", child AS ("
                + Fragments.insertRun(child, "t.moment", " FROM t", fits(RunCommand.HAND_OFF)) + " RETURNING id),"
                + " new AS (UPDATE ${run} r SET seq = t.seq + 1, "
                + Fragments.assignments(RunCommand.HAND_OFF, dialect, "t.", "t.moment")
                + " FROM t, child WHERE r.id = t.id RETURNING r.seq, r.changed_at), told AS (" + Fragments.INSERT_EVENT
                + "SELECT :id, new.seq, :id, CAST(NULL AS bigint), :event, new.changed_at, :transitionId, :callId, :childRunId, :data FROM new"
                + " UNION ALL SELECT :new_id, 1, :new_id, NULL, :childEvent, new.changed_at, NULL, :callId, NULL, :childData FROM new) "
                + before();
    }

    private static String taskBegun() {
        return "WITH r AS MATERIALIZED (SELECT *, clock_timestamp() AS moment FROM ${run} WHERE id = :task_run_id),"
                + " new AS (INSERT INTO ${task} (" + TaskColumns.inserted() + ") SELECT "
                + TaskColumns.begun("r.moment") + " FROM r WHERE r.state IN " + Fragments.IN_FLIGHT
                + " ON CONFLICT DO NOTHING RETURNING seq), told AS (" + Fragments.INSERT_EVENT
                + "SELECT :id, 1, :task_run_id, r.seq, :event, r.moment, :transitionId, :callId, NULL, :data FROM new, r)"
                + " SELECT r.moment, new.seq IS NOT NULL AS applied, " + RunColumns.whole("r")
                + " FROM r LEFT JOIN new ON TRUE";
    }

    private String taskChange(TaskRunEvent event) {
        String from = EnumSet.allOf(TaskState.class).stream()
                .filter(state -> state.mayBecome(Lifecycle.stateAfter(event)))
                .map(state -> "'" + state.name() + "'")
                .collect(Collectors.joining(", ", "(", ")"));
        return "WITH old AS (SELECT * FROM ${task} WHERE id = :id FOR NO KEY UPDATE),"
                + " t AS MATERIALIZED (SELECT old.*, clock_timestamp() AS moment FROM old),"
                + " r AS (SELECT * FROM ${run} WHERE id = (SELECT run_id FROM t)),"
                + " new AS (UPDATE ${task} x SET seq = t.seq + 1, " + Fragments.taskAssignments(event, "t.", "t.moment")
                + " FROM t, r WHERE x.id = t.id AND t.state IN " + from + " AND r.state IN " + Fragments.IN_FLIGHT
                + " AND NOT " + MADE_BEFORE + " RETURNING x.seq, x.changed_at), told AS (" + Fragments.INSERT_EVENT
                + "SELECT :id, new.seq, r.id, r.seq, :event, new.changed_at, :transitionId, :callId, NULL, :data FROM new, r)"
                + " SELECT t.moment, new.seq IS NOT NULL AS applied, " + RunColumns.whole("r") + ", "
                + TaskColumns.select("t") + " FROM t JOIN r ON TRUE LEFT JOIN new ON TRUE";
    }
}
