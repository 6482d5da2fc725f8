package dev.runledger.jdbi;

import dev.runledger.event.EventJson;
import dev.runledger.event.LedgerEvent;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.history.RunStatistics;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.Lifecycle;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads rows. Values are bound, pages are limited, and a row that cannot be read spoils no other. */
final class Reader {
    private final Tables tables;
    private final Database database;
    private final int timeoutSeconds;
    private final LongAdder unreadable = new LongAdder();
    private final SnapshotStatement snapshot;
    private final String run;
    private final String standing;
    private final String input;
    private final String calls;
    private final String task;
    private final String firstTasks;
    private final String tasksAfter;
    private final String events;
    private final String eventsOfTasks;

    /** Makes a reader; the clock is null if the database has its own. */
    Reader(Tables tables, Database database, int timeoutSeconds, @Nullable InstantSource clock) {
        this.tables = tables;
        this.database = database;
        this.timeoutSeconds = timeoutSeconds;
        this.snapshot = new SnapshotStatement(tables, database, timeoutSeconds, clock);
        this.run = tables.in("SELECT " + RunColumns.whole("r.") + " FROM ${run} r WHERE r.id = :id");
        this.standing = tables.in("SELECT r.state, r.execution FROM ${run} r WHERE r.id = :id");
        this.input = tables.in(
                "SELECT p.body FROM ${payload} p WHERE p.run_id = :id AND p.task_id = '' AND p.kind = 'input'");
        this.calls = tables.in("SELECT e.seq, e.event, e.idempotency_key, e.call_id, e.child_run_id"
                + " FROM ${event} e WHERE e.run_id = :runId AND e.task_id = :taskId ORDER BY e.seq");
        this.task = tables.in("SELECT " + TaskColumns.select("t.") + " FROM ${task} t WHERE t.id = :id");
        String tasks = "SELECT t.id AS row_id, " + TaskColumns.light("t.") + " FROM ${task} t WHERE t.run_id = :id";
        String inOrder = " ORDER BY t.started_at, t.id LIMIT :limit";
        this.firstTasks = tables.in(tasks + inOrder);
        this.tasksAfter = tables.in(tasks + " AND (t.started_at, t.id) > (:afterTime, :afterId)" + inOrder);
        String event = "SELECT e.task_id, e.seq, e.run_seq, e.event, e.occurred_at,"
                + " CASE WHEN octet_length(e.data) <= 1048576 THEN e.data WHEN e.data IS NOT NULL THEN 'too long' END AS data FROM ";
        this.events = tables.in(event + "${event} e WHERE e.run_id = :id AND e.task_id = :taskId");
        this.eventsOfTasks = tables.in(event + Fragments.tasksWithEvents(database)
                + " WHERE t.run_id = :id AND (t.started_at, t.id) >= (:firstTime, :firstId)"
                + " AND (t.started_at, t.id) <= (:lastTime, :lastId)");
    }

    /** Returns how many rows could not be read. */
    long unreadable() {
        return unreadable.sum();
    }

    /** Notes that a row could not be read and was left out. */
    void leaveOut() {
        unreadable.increment();
    }

    // ---- for a decision: without a timeout, since it belongs to a write

    Optional<RunColumns.Stored> run(Handle handle, RunId id) {
        Query query = handle.createQuery(run);
        Binder.of(query, database).text("id", id.value());
        return query.map(strict("run " + id, row -> RunColumns.read(row, true))).findFirst();
    }

    Optional<RunState> state(Handle handle, RunId id) {
        return standing(handle, id).map(Standing::state);
    }

    /** How a run stands, as far as its tasks depend on it. */
    record Standing(RunState state, int execution) {
        TaskRun reads(TaskRun task) {
            return Lifecycle.asItReads(task, state, execution);
        }
    }

    Optional<Standing> standing(Handle handle, RunId id) {
        Query query = handle.createQuery(standing);
        Binder.of(query, database).text("id", id.value());
        return query.map(strict("run " + id, row -> new Standing(row.constant(RunState.class), row.integer())))
                .findFirst();
    }

    /** Returns the calls that the events of this run were stored by, in their order. */
    List<StoredCall> calls(Handle handle, RunId id) {
        return calls(handle, id, "");
    }

    /** Returns the calls that the events of this task were stored by, in their order. */
    List<StoredCall> calls(Handle handle, RunId id, TaskId task) {
        return calls(handle, id, task.value());
    }

    private List<StoredCall> calls(Handle handle, RunId id, String taskId) {
        Query query = handle.createQuery(calls);
        Binder.of(query, database).text("runId", id.value()).text("taskId", taskId);
        return query.map((rows, context) -> {
                    Row row = new Row(rows, database);
                    return new StoredCall(row.number(), row.requiredText(), row.text(), row.requiredText(), row.text());
                })
                .list();
    }

    /** Returns a run that had the delivery of this request: the one that took it, or else the first. */
    Optional<RunId> withDelivery(Handle handle, NewRun request) {
        return blocker(handle, Fragments.TAKEN, request).or(() -> blocker(handle, Fragments.SEEN, request));
    }

    /** Returns the run that holds the guard that this request needs. */
    Optional<RunId> guardHolder(Handle handle, NewRun request) {
        return blocker(handle, Fragments.GUARD_HOLDER, request);
    }

    private Optional<RunId> blocker(Handle handle, String sql, NewRun request) {
        Query query = handle.createQuery(tables.in(sql));
        RunColumns.bindIdentity(Binder.of(query, database), request);
        return query.mapTo(String.class).findFirst().map(RunId::of);
    }

    /** Returns the run as its event of this version left it. */
    WorkflowRun runAt(Handle handle, WorkflowRun run, long seq) {
        return run.seq() == seq ? run : new EventReplayer(run, eventRows(handle, run.id())).runAt(seq);
    }

    /** Returns the task as its event of this version left it, and its run as it stood then. */
    TaskTransition.Applied taskAt(Handle handle, TaskRun task, WorkflowRun run, long seq) {
        EventReplayer replayer = new EventReplayer(run, eventRows(handle, run.id()));
        replayer.tasks(eventRows(handle, run.id(), task.id().value()));
        return replayer.taskAt(task, seq);
    }

    Optional<TaskRun> task(Handle handle, TaskId id) {
        Query query = handle.createQuery(task);
        Binder.of(query, database).text("id", id.value());
        return query.map(strict("task " + id, TaskColumns::read)).findFirst();
    }

    // ---- for a reader

    RunHistory.Slice<TaskRun> tasks(Handle handle, RunId id, RunHistory.Range range) {
        Optional<TaskRun> after = range.after().map(text -> taskOf(handle, id, text));
        Query query = limited(handle.createQuery(after.isPresent() ? tasksAfter : firstTasks));
        Binder binder = Binder.of(query, database).text("id", id.value()).number("limit", range.limit() + 1L);
        after.ifPresent(task -> binder.instant("afterTime", task.startedAt())
                .text("afterId", task.id().value()));
        List<TaskRow> rows = query.map((columns, context) -> TaskRow.read(new Row(columns, database)))
                .list();
        boolean more = rows.size() > range.limit();
        List<TaskRow> part = more ? rows.subList(0, range.limit()) : rows;
        unreadable.add(part.stream().filter(row -> row.task() == null).count());
        return new RunHistory.Slice<>(
                part.stream().flatMap(TaskRow::readable).toList(),
                more ? Optional.of(range.after(part.get(part.size() - 1).id())) : Optional.empty());
    }

    /** Returns a task of this run, by an id that came from elsewhere. */
    TaskRun taskOf(Handle handle, RunId run, String id) {
        return Optional.of(id)
                .filter(TextColumn::canHold)
                .filter(text -> !text.isEmpty() && text.length() <= 128)
                .flatMap(text -> {
                    Query query = handle.createQuery(task);
                    Binder.of(query, database).text("id", text);
                    return query.map(strict("task " + Row.shown(id), TaskColumns::read))
                            .findFirst();
                })
                .filter(found -> found.runId().equals(run))
                .orElseThrow(() -> RunHistory.Slice.unknown(id));
    }

    RunHistory.Slice<LedgerEvent> events(Handle handle, WorkflowRun run, RunHistory.Range range) {
        EventSlice slice = new EventSlice(this, handle, run, range);
        RunHistory.Slice<LedgerEvent> read = slice.read();
        unreadable.add(slice.unreadable());
        return read;
    }

    /** Returns the rows of the events of a run's own. */
    List<EventRow> eventRows(Handle handle, RunId id) {
        return eventRows(handle, id, "");
    }

    private List<EventRow> eventRows(Handle handle, RunId id, String taskId) {
        Query query = limited(handle.createQuery(events));
        Binder.of(query, database).text("id", id.value()).text("taskId", taskId);
        return eventRows(query);
    }

    /** Returns the rows of the events of tasks that follow each other among those of their run. */
    List<EventRow> eventRows(Handle handle, List<TaskRun> tasks) {
        if (tasks.isEmpty()) {
            return List.of();
        }
        TaskRun first = tasks.get(0);
        TaskRun last = tasks.get(tasks.size() - 1);
        Query query = limited(handle.createQuery(eventsOfTasks));
        Binder.of(query, database)
                .text("id", first.runId().value())
                .instant("firstTime", first.startedAt())
                .text("firstId", first.id().value())
                .instant("lastTime", last.startedAt())
                .text("lastId", last.id().value());
        return eventRows(query);
    }

    private List<EventRow> eventRows(Query query) {
        return query.map((rows, context) -> {
                    Row row = new Row(rows, database);
                    return new EventRow(
                            row.requiredText(),
                            row.number(),
                            row.number(),
                            row.requiredText(),
                            row.requiredInstant(),
                            row.text());
                })
                .list();
    }

    /** Returns the input of a run as it is stored. */
    Optional<String> input(Handle handle, RunId id) {
        Query query = limited(handle.createQuery(input));
        Binder.of(query, database).text("id", id.value());
        return query.map((rows, context) -> Optional.ofNullable(rows.getString(1)))
                .findFirst()
                .flatMap(found -> found);
    }

    List<WorkflowRun> children(Handle handle, RunId id) {
        Query query = limited(handle.createQuery(tables.in("SELECT " + RunColumns.light("r.")
                + " FROM ${run} r WHERE r.parent_run_id = :id ORDER BY r.queued_at, r.id")));
        Binder.of(query, database).text("id", id.value());
        return runs(query);
    }

    Optional<WorkflowRun> waitingFor(Handle handle, String project, String correlationKey) {
        if (!TextColumn.canHold(project) || !TextColumn.canHold(correlationKey)) {
            return Optional.empty();
        }
        Query query = limited(handle.createQuery(tables.in("SELECT " + RunColumns.whole("r.")
                + " FROM ${wait} w JOIN ${run} r ON r.id = w.run_id WHERE w.project = :project AND w.correlation_key = :key"
                + " ORDER BY w.suspended_at, w.run_id LIMIT 1")));
        Binder.of(query, database).text("project", project).text("key", correlationKey);
        return query.map(strict("the run that waits", row -> RunColumns.read(row, true)))
                .findFirst()
                .map(RunColumns.Stored::run);
    }

    List<LedgerEvent> refusals(Handle handle, int limit) {
        Query query = limited(handle.createQuery(
                tables.in("SELECT f.data FROM ${refusal} f ORDER BY f.refused_at DESC, f.id DESC LIMIT :limit")));
        Binder.of(query, database).number("limit", (long) limit);
        return present(
                query.map(lenient(row -> EventJson.read(row.requiredText()))).list());
    }

    /** Returns a page by keyset: one row more than asked for shows whether there is another page. */
    RunHistory.Page page(Handle handle, RunQuery asked) {
        PageStatement statement = new PageStatement(asked, database);
        if (!statement.isPossible()) {
            return new RunHistory.Page(List.of(), List.of(), Optional.empty());
        }
        Query query = limited(handle.createQuery(tables.in(statement.sql())));
        statement.bind(Binder.of(query, database));
        List<PageRow> rows = query.map((columns, context) -> PageRow.read(new Row(columns, database)))
                .list();
        boolean more = rows.size() > asked.limit();
        List<PageRow> page = more ? rows.subList(0, asked.limit()) : rows;
        List<WorkflowRun> runs = new ArrayList<>();
        List<RunHistory.Unreadable> bad = new ArrayList<>();
        for (PageRow row : page) {
            if (row.run() != null) {
                runs.add(row.run());
            } else {
                bad.add(new RunHistory.Unreadable(Row.shown(row.id()), Objects.requireNonNull(row.why())));
            }
        }
        unreadable.add(bad.size());
        Optional<String> next = more ? Optional.of(page.get(page.size() - 1).position()) : Optional.empty();
        return new RunHistory.Page(runs, bad, next);
    }

    /** Counts what is in flight, and what is failing. */
    RunStatistics.Snapshot snapshot(Handle handle, Duration failedWithin) {
        return snapshot.read(handle, failedWithin);
    }

    private List<WorkflowRun> runs(Query query) {
        return present(
                query.map(lenient(row -> RunColumns.read(row, false).run())).list());
    }

    /** Returns the query with the time that one of a reader may take. */
    Query limited(Query query) {
        return query.setQueryTimeout(timeoutSeconds);
    }

    // ---- rows

    /** Reads the columns of one row. */
    @FunctionalInterface
    private interface Columns<T> {
        T read(Row row) throws SQLException;
    }

    /** Reads a row that was asked for by its id: if it cannot be read, the caller gets an exception that says why. */
    private <T> RowMapper<T> strict(String what, Columns<T> columns) {
        return (rows, context) -> {
            try {
                return columns.read(new Row(rows, database));
            } catch (IllegalArgumentException broken) {
                unreadable.increment();
                throw unreadable(what, Certainty.NOT_STORED, broken);
            }
        };
    }

    static StoreException unreadable(String what, Certainty certainty, IllegalArgumentException broken) {
        return new StoreException("%s cannot be read: %s".formatted(what, broken.getMessage()), certainty, null);
    }

    /** Reads a row of a list: if it cannot be read, it is left out and counted. */
    private <T> RowMapper<Optional<T>> lenient(Columns<T> columns) {
        return (rows, context) -> {
            try {
                return Optional.of(columns.read(new Row(rows, database)));
            } catch (IllegalArgumentException broken) {
                unreadable.increment();
                return Optional.empty();
            }
        };
    }

    private static <T> List<T> present(List<Optional<T>> rows) {
        return rows.stream().flatMap(Optional::stream).toList();
    }
}
