package dev.runledger.jdbi;

import dev.runledger.history.RunStatistics;
import dev.runledger.state.RunState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Counts by one statement: the groups in flight, then the failing workflows, whose state is FAILED, and then each workflow with 0 runs and the
 * queue of its newest one. The names are found by one look into the index for each.
 */
final class SnapshotStatement {
    /** How many workflows a snapshot knows that have nothing in flight. */
    private static final int MOST_NAMES = 200;

    private final Database database;
    private final int timeoutSeconds;
    private final @Nullable InstantSource clock;
    private final String sql;

    /** Makes the statement; the clock is null if the database has its own. */
    SnapshotStatement(Tables tables, Database database, int timeoutSeconds, @Nullable InstantSource clock) {
        this.database = database;
        this.timeoutSeconds = timeoutSeconds;
        this.clock = clock;
        String now = clock == null ? "clock_timestamp()" : ":now";
        String since = clock == null ? "statement_timestamp() - CAST(:within AS interval)" : ":since";
        this.sql = tables.in("WITH RECURSIVE names (name, number) AS ("
                + "SELECT min(workflow_name), 1 FROM ${run} UNION ALL SELECT (SELECT min(r.workflow_name) FROM ${run} r"
                + " WHERE r.workflow_name > n.name), n.number + 1 FROM names n WHERE n.name IS NOT NULL AND n.number < "
                + MOST_NAMES + ") SELECT f.workflow_name, f.task_queue, r.state, count(*),"
                + " min(r.changed_at), " + now
                + " FROM " + Fragments.withRun(database, "${in_flight} f", "f.run_id") + " WHERE f.channel = "
                + Fragments.live() + " GROUP BY f.workflow_name, f.task_queue, r.state"
                + " UNION ALL SELECT e.workflow_name, NULL, 'FAILED', count(*), min(e.ended_at), " + now
                + " FROM ${ended} e WHERE e.channel = " + Fragments.live()
                + " AND e.state = 'FAILED' AND e.ended_at >= "
                + since + " AND (SELECT s.ended_at FROM ${ended} s WHERE s.workflow_name = e.workflow_name"
                + " AND s.project = e.project AND s.target = e.target AND s.channel = " + Fragments.live()
                + " AND s.state = 'SUCCEEDED' AND s.ended_at > e.ended_at LIMIT 1) IS NULL GROUP BY e.workflow_name"
                + " UNION ALL SELECT n.name, r.task_queue, 'QUEUED', 0, " + now + ", " + now
                + " FROM names n JOIN ${run} r"
                + " ON r.id = (SELECT s.id FROM ${run} s WHERE s.workflow_name = n.name ORDER BY s.queued_at DESC, s.id DESC"
                + " LIMIT 1) WHERE r.channel = " + Fragments.live());
    }

    RunStatistics.Snapshot read(Handle handle, Duration failedWithin) {
        Query query = handle.createQuery(sql).setQueryTimeout(timeoutSeconds);
        Binder binder = Binder.of(query, database);
        Instant moment = clock == null ? null : clock.instant();
        if (moment == null) {
            binder.text("within", failedWithin.toSeconds() + " seconds");
        } else {
            binder.instant("now", moment).instant("since", moment.minus(failedWithin));
        }
        List<RunStatistics.Group> groups = new ArrayList<>();
        List<RunStatistics.Group> idle = new ArrayList<>();
        Map<String, Long> failing = new HashMap<>();
        List<Instant> at = query.map((rows, context) -> {
                    Row row = new Row(rows, database);
                    RunStatistics.Group group = new RunStatistics.Group(
                            row.requiredText(),
                            Optional.ofNullable(row.text()),
                            row.constant(RunState.class),
                            row.number(),
                            row.requiredInstant());
                    if (group.state() == RunState.FAILED) {
                        failing.put(group.workflowName(), group.count());
                    } else {
                        (group.count() == 0 ? idle : groups).add(group);
                    }
                    return row.requiredInstant();
                })
                .list();
        Instant taken = at.isEmpty() ? moment == null ? Instant.now() : moment : at.get(0);
        idle.forEach(group ->
                groups.add(new RunStatistics.Group(group.workflowName(), group.taskQueue(), group.state(), 0, taken)));
        return new RunStatistics.Snapshot(taken, groups, failing);
    }
}
