package dev.runledger.jdbi;

import dev.runledger.run.RunId;
import dev.runledger.state.RunState;
import dev.runledger.store.RetentionStore;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Finds runs that ended long ago by the index of their ends, and removes them. */
final class EndedRuns implements RetentionStore {
    /** How many ends are looked at for one part, of which few may be roots that the rule is for. */
    private static final int LOOKED_AT = 1_000;

    /** An end that was looked at, and whether it is the root of a chain that the rule is for. */
    private record End(Instant endedAt, String runId, boolean isRoot) {
        String position() {
            return endedAt + " " + runId;
        }

        static End of(String position) {
            int blank = position.indexOf(' ');
            try {
                return new End(
                        Instant.parse(position.substring(0, Math.max(0, blank))), position.substring(blank + 1), true);
            } catch (DateTimeException broken) {
                throw new IllegalArgumentException(
                        "after is '%s', expected the position of a part before".formatted(Row.shown(position)));
            }
        }
    }

    private final Session session;
    private final Reader reader;
    private final Ages ages;
    private final Database database;
    private final Tables tables;

    EndedRuns(Session session, Reader reader, Ages ages, Tables tables) {
        this.session = session;
        this.reader = reader;
        this.ages = ages;
        this.database = ages.database();
        this.tables = tables;
    }

    private Binder binder(SqlStatement<?> statement) {
        return Binder.of(statement, database);
    }

    // ---- what may go

    @Override
    public Expired expired(Rule rule, Optional<String> after, int limit) {
        Optional<End> last = after.map(End::of);
        Instant moment = ages.moment();
        return session.read(CallName.of("expired"), handle -> {
            int most = Math.max(LOOKED_AT, limit);
            List<End> ends = ends(handle, rule, last, most, moment);
            List<String> roots = new ArrayList<>();
            int seen = 0;
            while (seen < ends.size() && roots.size() < limit) {
                End end = ends.get(seen++);
                if (end.isRoot()) {
                    roots.add(end.runId());
                }
            }
            boolean more = seen < ends.size() || ends.size() == most;
            return new Expired(
                    chains(handle, roots, rule.age(), moment),
                    more ? Optional.of(ends.get(seen - 1).position()) : Optional.empty());
        });
    }

    /** Looks at the ends that come next, whether the rule is for them or not, so that no part costs more than these. */
    private List<End> ends(Handle handle, Rule rule, Optional<End> after, int most, @Nullable Instant moment) {
        String ofWorkflow = rule.workflow().isPresent()
                ? "b.workflow_name = :workflow"
                : "NOT (" + database.isIn("b.workflow_name", ":except") + ")";
        Query query = reader.limited(handle.createQuery(tables.in("SELECT b.ended_at, b.run_id, CASE WHEN b.state IN "
                + Fragments.in(RunState.class, rule.outcomes()::contains) + " AND " + ofWorkflow
                + " THEN COALESCE((SELECT (SELECT p.id FROM ${run} p WHERE p.id = r.parent_run_id) IS NULL"
                + " FROM ${run} r WHERE r.id = b.run_id), FALSE) ELSE FALSE END AS is_root"
                + " FROM (SELECT e.run_id, e.ended_at, e.state, e.workflow_name FROM ${ended} e WHERE NOT e.removed AND e.ended_at <= "
                + ages.until() + (after.isPresent() ? " AND (e.ended_at, e.run_id) > (:afterTime, :afterId)" : "")
                + " ORDER BY e.ended_at, e.run_id LIMIT :limit) b ORDER BY b.ended_at, b.run_id")));
        Binder binder = binder(query).number("limit", (long) most);
        Ages.bindUntil(binder, moment, rule.age());
        rule.workflow()
                .ifPresentOrElse(
                        name -> binder.text("workflow", name),
                        () -> binder.text("except", database.list(storable(rule.except()))));
        after.ifPresent(end ->
                binder.instant("afterTime", end.endedAt()).text("afterId", TextColumn.near(end.runId(), database)));
        return query.map((columns, context) -> {
                    Row row = new Row(columns, database);
                    return new End(row.requiredInstant(), row.requiredText(), row.flag());
                })
                .list();
    }

    /** Returns those of the chains of which nothing is in flight or too young, each with its deepest runs first. */
    private List<List<RunId>> chains(Handle handle, List<String> roots, Duration age, @Nullable Instant moment) {
        if (roots.isEmpty()) {
            return List.of();
        }
        Query query = reader.limited(handle.createQuery(
                tables.in("WITH RECURSIVE chain (root, id, depth) AS (SELECT r.id, r.id, 0 FROM ${run} r WHERE "
                        + database.isIn("r.id", ":ids") + " UNION ALL SELECT n.root, r.id, n.depth + 1 FROM "
                        + Fragments.withChildren(database, "chain n", "n.id") + ") SELECT n.root, n.id, r.state IN "
                        + Fragments.ENDED + " AND r.changed_at <= " + ages.until() + " AS is_old FROM "
                        + Fragments.withRun(database, "chain n", "n.id") + " ORDER BY n.depth DESC, n.id")));
        Ages.bindUntil(binder(query).text("ids", database.list(roots)), moment, age);
        Map<String, List<RunId>> chains = new LinkedHashMap<>();
        roots.forEach(root -> chains.put(root, new ArrayList<>()));
        Set<String> blocked = new HashSet<>();
        query.map((columns, context) -> {
                    Row row = new Row(columns, database);
                    String root = row.requiredText();
                    RunId id = RunId.of(row.requiredText());
                    return row.flag() ? Objects.requireNonNull(chains.get(root)).add(id) : blocked.add(root);
                })
                .list();
        chains.keySet().removeAll(blocked);
        return chains.values().stream().filter(chain -> !chain.isEmpty()).toList();
    }

    // ---- what goes

    @Override
    public Removed remove(List<RunId> runs) {
        return removed("remove", runs, "UPDATE ${ended} SET removed = TRUE", false);
    }

    @Override
    public Removed erase(List<RunId> runs) {
        return removed("erase", runs, "DELETE FROM ${ended}", true);
    }

    private Removed removed(String name, List<RunId> runs, String ends, boolean forgets) {
        String ids = database.list(storable(runs.stream().map(RunId::value).toList()));
        AtomicReference<Removed> before = new AtomicReference<>(new Removed(0, 0, Set.of()));
        return session.write(
                CallName.of(name),
                attempt -> attempt.transaction(() -> {
                    Removed removed = removed(attempt.handle(), ids, ends, forgets);
                    // an attempt that finds nothing follows one whose answer was lost, and which alone knows the
                    // references
                    return removed.runs() > 0 ? before.updateAndGet(earlier -> removed) : before.get();
                }));
    }

    private Removed removed(Handle handle, String ids, String ends, boolean forgets) {
        String ended = " FROM ${run} r WHERE " + database.isIn("r.id", ":ids") + " AND r.state IN " + Fragments.ENDED;
        if (forgets) {
            execute(
                    handle,
                    "DELETE FROM ${delivery} WHERE digest IN (SELECT r.delivery_digest" + ended + ") AND "
                            + database.isIn("run_id", ":ids"),
                    ids);
        }
        execute(
                handle,
                ends + " WHERE NOT removed AND (ended_at, run_id) IN (SELECT r.changed_at, r.id" + ended + ")",
                ids);
        List<String> gone = list(
                handle,
                "DELETE FROM ${run} WHERE " + database.isIn("id", ":ids") + " AND state IN " + Fragments.ENDED
                        + " RETURNING id",
                ids);
        String ofGone = " WHERE " + database.isIn("run_id", ":ids");
        String goneIds = database.list(gone);
        int events = execute(handle, "DELETE FROM ${event}" + ofGone, goneIds);
        execute(handle, "DELETE FROM ${task}" + ofGone, goneIds);
        List<String> references = list(handle, "DELETE FROM ${payload}" + ofGone + " RETURNING reference", goneIds);
        return new Removed(gone.size(), events, new HashSet<>(references));
    }

    private int execute(Handle handle, String sql, String ids) {
        Update update = handle.createUpdate(tables.in(sql));
        binder(update).text("ids", ids);
        return update.execute();
    }

    /** Returns the texts that a statement selects, without nulls. */
    private List<String> list(Handle handle, String sql, String ids) {
        Query query = handle.createQuery(tables.in(sql));
        binder(query).text("ids", ids);
        return query.map((row, context) -> Optional.ofNullable(row.getString(1))).list().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public int removeRefusals(Duration age, int limit) {
        Instant moment = ages.moment();
        return session.write(CallName.of("removeRefusals"), attempt -> {
            Update update = attempt.handle()
                    .createUpdate(tables.in("DELETE FROM ${refusal} WHERE id IN (SELECT f.id FROM ${refusal} f"
                            + " WHERE f.refused_at <= " + ages.until() + " ORDER BY f.refused_at, f.id LIMIT :limit)"));
            Ages.bindUntil(binder(update).number("limit", (long) limit), moment, age);
            return update.execute();
        });
    }

    @Override
    public Set<String> referenced(Collection<String> references) {
        String asked = database.list(storable(references));
        return session.read(
                CallName.of("referenced"),
                handle -> Set.copyOf(list(
                        handle,
                        "SELECT DISTINCT p.reference FROM ${payload} p WHERE p.reference IS NOT NULL AND "
                                + database.isIn("p.reference", ":ids"),
                        asked)));
    }

    /** Returns those texts that a row can have. */
    private static List<String> storable(Collection<String> texts) {
        return texts.stream().filter(TextColumn::canHold).toList();
    }
}
