package dev.runledger.jdbi;

import dev.runledger.run.RunId;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RecoveryStore;
import dev.runledger.store.StoreCommand.Head;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Finds runs in flight that nobody may be working on. Each look begins at the rows of {@code ${in_flight}} or {@code ${wait}}, so that it costs
 * what is in flight, however much has ended.
 */
final class StrandedRuns implements RecoveryStore {
    /** A row that was looked at: its id, the time of the look, and the run or null if it cannot be read. */
    private record Candidate(
            String id, Instant now, @Nullable WorkflowRun run) {}

    private final Session session;
    private final Reader reader;
    private final Ages ages;
    private final Map<Kind, String> finds = new EnumMap<>(Kind.class);
    private final String runsOf;
    private final String report;

    StrandedRuns(Session session, Reader reader, Ages ages, Tables tables) {
        this.session = session;
        this.reader = reader;
        this.ages = ages;
        for (Kind kind : Kind.values()) {
            finds.put(kind, tables.in(find(kind)));
        }
        this.runsOf = tables.in(inFlight("r.state = 'RUNNING' AND r.instance = :instance"));
        this.report = tables.in("UPDATE ${wait} SET reported = :callId"
                + " WHERE run_id = :id AND seq = :seq AND (reported IS NULL OR reported = :callId)");
    }

    // ---- statements

    private String find(Kind kind) {
        String isOld = " AND r.changed_at <= " + ages.until();
        return switch (kind) {
            case UNCLAIMED ->
                inFlight("(r.state = 'QUEUED' OR (r.state = 'RUNNING' AND r.owner IS NULL AND NOT r.handed_off))"
                        + isOld);
            case RUNNING -> inFlight("r.state = 'RUNNING' AND r.owner IS NOT NULL" + isOld);
            case OVERDUE ->
                from(
                        "${wait} w",
                        "w.run_id",
                        "w.deadline IS NOT NULL AND w.reported IS NULL AND w.deadline <= " + ages.until());
            case CHILDREN_ENDED ->
                inFlight("r.state = 'RUNNING' AND r.handed_off" + isOld
                        + " AND (SELECT 1 FROM ${run} c JOIN ${in_flight} k ON k.run_id = c.id"
                        + " WHERE c.parent_run_id = r.id LIMIT 1) IS NULL");
            case PARENT_CANCELLED ->
                inFlight("r.parent_run_id IS NOT NULL" + isOld
                        + " AND (SELECT p.state FROM ${run} p WHERE p.id = r.parent_run_id) = 'CANCELLED'");
        };
    }

    private String inFlight(String condition) {
        return from("${in_flight} f", "f.run_id", condition);
    }

    private String from(String rows, String id, String condition) {
        return "SELECT r.id AS row_id, " + ages.now() + " AS now, " + RunColumns.light("r.") + " FROM "
                + Fragments.withRun(ages.database(), rows, id) + " WHERE " + id + " > :after AND " + condition
                + " ORDER BY " + id + " LIMIT :limit";
    }

    // ---- calls

    @Override
    public List<Found> find(Kind kind, Duration age, Optional<RunId> after, int limit) {
        Instant moment = ages.moment();
        List<Found> found = new ArrayList<>();
        for (Candidate candidate : list(
                new CallName("find", kind.name()), Objects.requireNonNull(finds.get(kind)), after, limit, binder -> {
                    Ages.bindNow(binder, moment);
                    Ages.bindUntil(binder, moment, age);
                })) {
            WorkflowRun run = Objects.requireNonNull(candidate.run());
            found.add(new Found(run, Duration.between(since(kind, run), candidate.now())));
        }
        return found;
    }

    private static Instant since(Kind kind, WorkflowRun run) {
        Instant changed = run.times().changedAt();
        return kind == Kind.OVERDUE ? run.latestWait().flatMap(Wait::deadline).orElse(changed) : changed;
    }

    @Override
    public List<WorkflowRun> runsOf(String instance, Optional<RunId> after, int limit) {
        Instant moment = ages.moment();
        return list(new CallName("runsOf", instance), runsOf, after, limit, binder -> {
                    Ages.bindNow(binder, moment);
                    binder.text("instance", instance);
                })
                .stream()
                .flatMap(candidate -> Stream.ofNullable(candidate.run()))
                .toList();
    }

    /** Reads on until so many rows could be read: fewer than were asked for mean that there are no more. */
    private List<Candidate> list(CallName call, String sql, Optional<RunId> after, int limit, Consumer<Binder> values) {
        return session.read(call, handle -> {
            List<Candidate> readable = new ArrayList<>();
            String last = after.map(RunId::value).orElse("");
            int rows = limit;
            while (readable.size() < limit && rows == limit) {
                List<Candidate> part = part(handle, sql, last, limit, values);
                rows = part.size();
                for (Candidate candidate : part) {
                    last = candidate.id();
                    if (candidate.run() != null && readable.size() < limit) {
                        readable.add(candidate);
                    }
                }
            }
            return readable;
        });
    }

    private List<Candidate> part(Handle handle, String sql, String after, int limit, Consumer<Binder> values) {
        Query query = reader.limited(handle.createQuery(sql));
        Binder binder = Binder.of(query, ages.database());
        binder.text("after", after).number("limit", (long) limit);
        values.accept(binder);
        return query.map((columns, context) -> candidate(columns)).list();
    }

    private Candidate candidate(ResultSet columns) throws SQLException {
        Row row = new Row(columns, ages.database());
        String id = row.requiredText();
        Instant now = row.requiredInstant();
        try {
            return new Candidate(id, now, RunColumns.read(row, false).run());
        } catch (IllegalArgumentException broken) {
            reader.leaveOut();
            return new Candidate(id, now, null);
        }
    }

    @Override
    public boolean reportOverdue(RunId runId, long seq) {
        String callId = Head.of().callId(); // by which a call whose answer was lost knows what it stored
        return session.write(new CallName("reportOverdue", runId.value()), attempt -> {
            Update update = attempt.handle().createUpdate(report);
            Binder.of(update, ages.database())
                    .text("id", runId.value())
                    .number("seq", seq)
                    .text("callId", callId);
            return update.execute() == 1;
        });
    }
}
