package dev.runledger.jdbi;

import dev.runledger.event.EventJson;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskTransition;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.history.RunStatistics;
import dev.runledger.store.StoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads rows. Values are bound, pages are limited, and a row that cannot be read costs only itself. */
final class Reader {
    private final Tables tables;
    private final Dialect dialect;
    private final int timeoutSeconds;
    private final @Nullable InstantSource clock;
    private final LongAdder unreadable = new LongAdder();
    private final String run;
    private final String steps;
    private final String task;

    /** The clock is for a database that has none of its own, and null for one that has. */
    Reader(Tables tables, Dialect dialect, int timeoutSeconds, @Nullable InstantSource clock) {
        this.tables = tables;
        this.dialect = dialect;
        this.timeoutSeconds = timeoutSeconds;
        this.clock = clock;
        this.run = tables.in("SELECT " + RunColumns.whole("r") + " FROM ${run} r WHERE r.id = :id");
        this.steps = tables.in("SELECT e.seq, e.event, e.transition_id, e.call_id, e.child_run_id"
                + " FROM ${event} e WHERE e.subject = :subject ORDER BY e.seq");
        this.task = tables.in("SELECT " + TaskColumns.select("t") + " FROM ${task} t WHERE t.id = :id");
    }

    /** How many rows could not be read and were left out of a list. */
    long unreadable() {
        return unreadable.sum();
    }

    // ---- for a decision: no timeout of its own, as it belongs to a write

    Optional<RunColumns.Stored> run(Handle handle, RunId id) {
        Query query = handle.createQuery(run);
        new Binder(query, dialect).text("id", id.value());
        return query.map(strict("run " + id, row -> RunColumns.read(row, true))).findFirst();
    }

    List<Step> steps(Handle handle, String subject) {
        Query query = handle.createQuery(steps);
        new Binder(query, dialect).text("subject", subject);
        return query.map((rows, context) -> {
                    Row row = new Row(rows, dialect);
                    return new Step(row.number(), row.requiredText(), row.text(), row.requiredText(), row.text());
                })
                .list();
    }

    /** The run that saw the delivery first, or null. */
    @Nullable
    RunId seen(Handle handle, NewRun run) {
        Query query = handle.createQuery(tables.in(Fragments.SEEN));
        RunColumns.bindRequest(new Binder(query, dialect), run);
        return query.mapTo(String.class).findFirst().map(RunId::of).orElse(null);
    }

    /** The run that holds the guard, or null. */
    @Nullable
    RunId guard(Handle handle, NewRun run) {
        Query query = handle.createQuery(tables.in("SELECT r.id FROM ${run} r WHERE r.guarded"
                + " AND r.project = :new_project AND r.workflow_name = :new_workflow_name AND r.target = :new_target"));
        RunColumns.bindRequest(new Binder(query, dialect), run);
        return query.mapTo(String.class).findFirst().map(RunId::of).orElse(null);
    }

    /** The run as one of its events left it. */
    WorkflowRun runAt(Handle handle, WorkflowRun run, long seq) {
        return run.seq() == seq ? run : new Replay(run, eventRows(handle, run.id())).runAt(seq);
    }

    /** The task as one of its events left it, and its run as it stood then. */
    TaskTransition.Applied taskAt(Handle handle, TaskRun task, WorkflowRun run, long seq) {
        return new Replay(run, eventRows(handle, run.id())).taskAt(task, seq);
    }

    Optional<TaskRun> task(Handle handle, TaskId id) {
        Query query = handle.createQuery(task);
        new Binder(query, dialect).text("id", id.value());
        return query.map(strict("task " + id, TaskColumns::read)).findFirst();
    }

    // ---- for a reader

    List<TaskRun> tasks(Handle handle, RunId id) {
        Query query = limited(handle.createQuery(tables.in("SELECT " + TaskColumns.select("t")
                + " FROM ${task} t WHERE t.run_id = :id ORDER BY t.started_at, t.id")));
        new Binder(query, dialect).text("id", id.value());
        return present(query.map(lenient(TaskColumns::read)).list());
    }

    List<LedgerEvent> events(Handle handle, WorkflowRun run, List<TaskRun> tasks) {
        Replay replay = new Replay(run, eventRows(handle, run.id()));
        List<LedgerEvent> events = replay.events(tasks);
        unreadable.add(replay.unreadable());
        return events;
    }

    private List<EventRow> eventRows(Handle handle, RunId id) {
        Query query = limited(handle.createQuery(tables.in("SELECT e.subject, e.seq, e.run_seq, e.event, e.occurred_at,"
                + " CASE WHEN octet_length(e.data) <= 1048576 THEN e.data WHEN e.data IS NOT NULL THEN 'too long' END AS data"
                + " FROM ${event} e WHERE e.run_id = :id ORDER BY e.occurred_at, e.subject, e.seq")));
        new Binder(query, dialect).text("id", id.value());
        return query.map((rows, context) -> {
                    Row row = new Row(rows, dialect);
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

    List<WorkflowRun> children(Handle handle, RunId id) {
        Query query = limited(handle.createQuery(tables.in("SELECT " + RunColumns.light("r")
                + " FROM ${run} r WHERE r.parent_run_id = :id ORDER BY r.queued_at, r.id")));
        new Binder(query, dialect).text("id", id.value());
        return runs(query);
    }

    Optional<WorkflowRun> waitingFor(Handle handle, String correlationKey) {
        if (!TextColumn.canHold(correlationKey)) {
            return Optional.empty();
        }
        Query query = limited(handle.createQuery(tables.in("SELECT " + RunColumns.whole("r")
                + " FROM ${run} r WHERE r.correlation_key = :key AND r.state = 'SUSPENDED'"
                + " ORDER BY r.suspended_at, r.id LIMIT 1")));
        new Binder(query, dialect).text("key", correlationKey);
        return query.map(strict("the run that waits", row -> RunColumns.read(row, true)))
                .findFirst()
                .map(RunColumns.Stored::run);
    }

    List<LedgerEvent> refusals(Handle handle, int limit) {
        Query query = limited(handle.createQuery(tables.in("SELECT e.data FROM ${event} e WHERE e.run_id IS NULL"
                + " ORDER BY e.occurred_at DESC, e.subject DESC LIMIT :limit")));
        new Binder(query, dialect).number("limit", (long) limit);
        return present(
                query.map(lenient(row -> EventJson.read(row.requiredText()))).list());
    }

    /** A page, by keyset: one row more than asked for tells whether there is another page. */
    RunHistory.Page page(Handle handle, RunQuery asked) {
        PageStatement statement = new PageStatement(asked, dialect);
        if (!statement.isPossible()) {
            return new RunHistory.Page(List.of(), List.of(), null);
        }
        Query query = limited(handle.createQuery(tables.in(statement.sql())));
        statement.bind(new Binder(query, dialect));
        List<PageRow> rows = query.map((columns, context) -> PageRow.read(new Row(columns, dialect)))
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
        return new RunHistory.Page(runs, bad, more ? page.get(page.size() - 1).position() : null);
    }

    /** One statement: the groups in flight, then the workflows that fail, told apart by the state. */
    RunStatistics.Snapshot snapshot(Handle handle, Duration failedWithin) {
        String now = clock == null ? "clock_timestamp()" : ":now";
        String since = clock == null ? "clock_timestamp() - CAST(:within AS interval)" : ":since";
        Query query = limited(handle.createQuery(tables.in("SELECT r.workflow_name, r.task_queue, r.state, count(*),"
                + " min(r.changed_at), " + now + " FROM ${run} r WHERE r.state IN " + Fragments.IN_FLIGHT
                + " GROUP BY r.workflow_name, r.task_queue, r.state"
                + " UNION ALL SELECT r.workflow_name, NULL, 'FAILED', count(*), min(r.changed_at), " + now
                + " FROM ${run} r WHERE r.state = 'FAILED' AND r.changed_at >= " + since
                + " AND NOT EXISTS (SELECT 1 FROM ${run} s WHERE s.workflow_name = r.workflow_name"
                + " AND s.project = r.project AND s.target IS NOT DISTINCT FROM r.target AND s.state = 'SUCCEEDED'"
                + " AND s.changed_at > r.changed_at) GROUP BY r.workflow_name")));
        Binder binder = new Binder(query, dialect);
        Instant moment = clock == null ? null : clock.instant();
        if (moment == null) {
            binder.text("within", failedWithin.toSeconds() + " seconds");
        } else {
            binder.instant("now", moment).instant("since", moment.minus(failedWithin));
        }
        List<RunStatistics.Group> groups = new ArrayList<>();
        Map<String, Long> failing = new HashMap<>();
        List<Instant> at = query.map((rows, context) -> {
                    Row row = new Row(rows, dialect);
                    RunStatistics.Group group = new RunStatistics.Group(
                            row.requiredText(),
                            row.text(),
                            row.constant(RunState.class),
                            row.number(),
                            row.requiredInstant());
                    if (group.state() == RunState.FAILED) {
                        failing.put(group.workflowName(), group.count());
                    } else {
                        groups.add(group);
                    }
                    return row.requiredInstant();
                })
                .list();
        Instant taken = at.isEmpty() ? moment == null ? Instant.now() : moment : at.get(0);
        return new RunStatistics.Snapshot(taken, groups, failing);
    }

    private List<WorkflowRun> runs(Query query) {
        return present(
                query.map(lenient(row -> RunColumns.read(row, false).run())).list());
    }

    private Query limited(Query query) {
        return query.setQueryTimeout(timeoutSeconds);
    }

    // ---- rows

    /** Reads one row. */
    @FunctionalInterface
    private interface Columns<T> {
        T read(Row row) throws SQLException;
    }

    /** A row that was asked for by its id: where it cannot be read, the caller is told why. */
    private <T> RowMapper<T> strict(String what, Columns<T> columns) {
        return (rows, context) -> {
            try {
                return columns.read(new Row(rows, dialect));
            } catch (IllegalArgumentException broken) {
                unreadable.increment();
                throw unreadable(what, StoreException.Certainty.NOT_STORED, broken);
            }
        };
    }

    static StoreException unreadable(String what, StoreException.Certainty outcome, IllegalArgumentException broken) {
        return new StoreException("%s cannot be read: %s".formatted(what, broken.getMessage()), outcome, null);
    }

    /** A row of a list: where it cannot be read, it is left out and counted. */
    private <T> RowMapper<Optional<T>> lenient(Columns<T> columns) {
        return (rows, context) -> {
            try {
                return Optional.of(columns.read(new Row(rows, dialect)));
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
