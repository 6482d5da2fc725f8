package dev.runledger.jdbi;

import dev.runledger.history.RunQuery;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.state.RunState;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The statement of a page. Each filter that is set adds a condition, and its value is bound.
 *
 * <p>No index knows the state of a run, which changes. What is in flight is found by the rows of {@code ${in_flight}}, and what has ended
 * by those of {@code ${ended}}, each state by a branch of its own that is as long as a page. A page by target, delivery or parent reads
 * the few runs of that; one of all states, or of SUCCEEDED, which most runs are, reads the newest.
 */
final class PageStatement {
    private static final Set<RunState> WITH_REASON =
            EnumSet.of(RunState.INCOMPLETE, RunState.FAILED, RunState.CANCELLED);

    private final RunQuery query;
    private final Database database;
    private final Set<RunState> states;
    private final List<Consumer<Binder>> values = new ArrayList<>();

    PageStatement(RunQuery query, Database database) {
        this.query = query;
        this.database = database;
        this.states = query.states().isEmpty() ? EnumSet.allOf(RunState.class) : EnumSet.copyOf(query.states());
        if (query.reasonContains().isPresent()) {
            states.retainAll(WITH_REASON);
        }
        if (query.errorCategory().isPresent()) {
            states.retainAll(EnumSet.of(RunState.FAILED));
        }
        text("project", query.project());
        text("workflowName", query.workflowName());
        text("trigger", query.trigger());
        text("target", query.target().map(Target::value));
        text("deliveryId", query.deliveryId());
        text("parentRunId", query.parentRunId().map(RunId::value));
        text("errorCategory", query.errorCategory().map(Enum::name));
        text("reason", query.reasonContains());
        query.from().ifPresent(from -> values.add(binder -> binder.instant("from", from)));
        query.to().ifPresent(to -> values.add(binder -> binder.instant("to", to)));
        query.after()
                .ifPresent(after -> values.add(binder -> binder.instant("afterTime", after.queuedAt())
                        .text("afterId", TextColumn.near(after.id(), database))));
    }

    private void text(String name, Optional<String> value) {
        value.ifPresent(text -> values.add(binder -> binder.text(name, text)));
    }

    /** Returns whether a row can pass: none can if a filter is a text that no column can hold, or if no state is left. */
    boolean isPossible() {
        return !states.isEmpty()
                && List.of(
                                query.project(),
                                query.workflowName(),
                                query.trigger(),
                                query.deliveryId(),
                                query.reasonContains())
                        .stream()
                        .flatMap(Optional::stream)
                        .allMatch(TextColumn::canHold);
    }

    void bind(Binder binder) {
        values.forEach(value -> value.accept(binder));
        binder.number("limit", query.limit() + 1L);
    }

    String sql() {
        String position = database.micros("r.queued_at") + " AS position, r.id AS row_id, " + RunColumns.light("r.");
        if (isOfFew() || states.contains(RunState.SUCCEEDED)) {
            List<String> conditions = new ArrayList<>(conditions("r.", "r.queued_at", "r.id"));
            conditions.addAll(ofRun());
            if (states.size() < RunState.values().length) {
                conditions.add("r.state IN " + Fragments.in(RunState.class, states::contains));
            }
            return "SELECT " + position + " FROM ${run} r" + where(conditions)
                    + " ORDER BY r.queued_at DESC, r.id DESC LIMIT :limit";
        }
        return "SELECT " + position + " FROM (" + String.join(" UNION ALL ", branches())
                + ") b JOIN ${run} r ON r.id = b.run_id ORDER BY b.queued_at DESC, b.run_id DESC LIMIT :limit";
    }

    private boolean isOfFew() {
        return query.target().isPresent()
                || query.deliveryId().isPresent()
                || query.parentRunId().isPresent();
    }

    private List<String> branches() {
        List<String> branches = new ArrayList<>();
        Set<RunState> inFlight = EnumSet.copyOf(states);
        inFlight.removeIf(RunState::isTerminal);
        if (inFlight.equals(EnumSet.of(RunState.SUSPENDED))) { // which are few of those in flight
            List<String> conditions = new ArrayList<>(conditions("r.", "r.queued_at", "r.id"));
            conditions.addAll(ofRun());
            branches.add(
                    branch(Fragments.withRun(database, "${wait} w", "w.run_id"), conditions, "r.queued_at", "r.id"));
        } else if (!inFlight.isEmpty()) {
            List<String> conditions = new ArrayList<>(conditions("f.", "f.queued_at", "f.run_id"));
            conditions.addAll(ofRun());
            conditions.add("r.state IN " + Fragments.in(RunState.class, inFlight::contains));
            branches.add(branch(
                    Fragments.withRun(database, "${in_flight} f", "f.run_id"), conditions, "f.queued_at", "f.run_id"));
        }
        for (RunState state : states) {
            if (state.isTerminal()) {
                branches.add(ended(state));
            }
        }
        return branches;
    }

    private String ended(RunState state) {
        List<String> conditions = new ArrayList<>();
        if (query.errorCategory().isPresent()) {
            conditions.add("e.error_category = :errorCategory"); // which FAILED runs have, and no other
        } else {
            conditions.add("e.state = '" + state + "'");
        }
        conditions.add("NOT e.removed");
        if (database == Database.SQLITE) {
            // as the index has it; PostgreSQL infers it, and would count it twice
            conditions.add("e.state <> 'SUCCEEDED'");
        }
        conditions.addAll(conditions("e.", "e.queued_at", "e.run_id"));
        List<String> ofRun = ofRun();
        conditions.addAll(ofRun);
        String from = ofRun.isEmpty() ? "${ended} e" : Fragments.withRun(database, "${ended} e", "e.run_id");
        return branch(from, conditions, "e.queued_at", "e.run_id");
    }

    private static String branch(String from, List<String> conditions, String queuedAt, String id) {
        return "SELECT * FROM (SELECT " + id + " AS run_id, " + queuedAt + " AS queued_at FROM " + from
                + where(conditions) + " ORDER BY " + queuedAt + " DESC, " + id + " DESC LIMIT :limit) o";
    }

    private static String where(List<String> conditions) {
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    /** Returns the conditions on what every table has of a run. */
    private List<String> conditions(String row, String queuedAt, String id) {
        List<String> conditions = new ArrayList<>();
        query.project().ifPresent(project -> {
            conditions.add(row + "project = :project");
            if (!project.isEmpty()) { // as the index has it
                conditions.add(row + "project <> ''");
            }
        });
        query.workflowName().ifPresent(name -> conditions.add(row + "workflow_name = :workflowName"));
        query.from().ifPresent(from -> conditions.add(queuedAt + " >= :from"));
        query.to().ifPresent(to -> conditions.add(queuedAt + " < :to"));
        query.after().ifPresent(after -> conditions.add("(%s, %s) < (:afterTime, :afterId)".formatted(queuedAt, id)));
        return conditions;
    }

    /** Returns the conditions on what only the run has. */
    private List<String> ofRun() {
        List<String> conditions = new ArrayList<>();
        query.trigger().ifPresent(trigger -> conditions.add("r.trigger_name = :trigger"));
        query.target().ifPresent(target -> conditions.add("r.target = :target"));
        query.deliveryId().ifPresent(delivery -> conditions.add("r.delivery_id = :deliveryId"));
        query.parentRunId().ifPresent(parent -> conditions.add("r.parent_run_id = :parentRunId"));
        if (isOfFew()) {
            query.errorCategory().ifPresent(category -> conditions.add("r.error_category = :errorCategory"));
        }
        query.reasonContains()
                .ifPresent(reason -> conditions.add(
                        database.contains(database.lower("r.reason"), database.lower("CAST(:reason AS text)"))));
        return conditions;
    }
}
