package dev.runledger.jdbi;

import dev.runledger.history.RunQuery;
import dev.runledger.run.RunId;
import dev.runledger.run.Target;
import dev.runledger.state.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The statement of a page. Each filter that is set adds a condition, and its value is bound. */
final class PageStatement {
    private final RunQuery query;
    private final Database database;
    private final List<String> conditions = new ArrayList<>();
    private final List<Consumer<Binder>> values = new ArrayList<>();

    PageStatement(RunQuery query, Database database) {
        this.query = query;
        this.database = database;
        text("r.project = :project", "project", query.project());
        text("r.workflow_name = :workflowName", "workflowName", query.workflowName());
        if (!query.states().isEmpty()) { // constants, not values, so that the planner can match them to a partial index
            conditions.add("r.state IN " + Fragments.in(RunState.class, query.states()::contains));
        }
        text("r.trigger_name = :trigger", "trigger", query.trigger());
        text("r.target = :target", "target", query.target().map(Target::value));
        text("r.delivery_id = :deliveryId", "deliveryId", query.deliveryId());
        text(
                "r.parent_run_id = :parentRunId",
                "parentRunId",
                query.parentRunId().map(RunId::value));
        text(
                "r.error_category = :errorCategory",
                "errorCategory",
                query.errorCategory().map(Enum::name));
        query.from().ifPresent(from -> where("r.queued_at >= :from", binder -> binder.instant("from", from)));
        query.to().ifPresent(to -> where("r.queued_at < :to", binder -> binder.instant("to", to)));
        text(
                database.contains(database.lower("r.reason"), database.lower("CAST(:reason AS text)")),
                "reason",
                query.reasonContains());
        query.after()
                .ifPresent(after -> where(
                        "(r.queued_at, r.id) < (:afterTime, :afterId)",
                        binder -> binder.instant("afterTime", after.queuedAt())
                                .text("afterId", TextColumn.near(after.id(), database))));
    }

    private void text(String condition, String name, Optional<String> value) {
        value.ifPresent(text -> where(condition, binder -> binder.text(name, text)));
    }

    private void where(String condition, Consumer<Binder> value) {
        conditions.add(condition);
        values.add(value);
    }

    /** Returns whether a row can pass: none can if a filter is a text that no column can hold. */
    boolean isPossible() {
        return List.of(
                        query.project(),
                        query.workflowName(),
                        query.trigger(),
                        query.deliveryId(),
                        query.reasonContains())
                .stream()
                .flatMap(Optional::stream)
                .allMatch(TextColumn::canHold);
    }

    String sql() {
        String filter = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return "SELECT " + database.micros("r.queued_at") + " AS position, r.id AS row_id, " + RunColumns.light("r")
                + " FROM ${run} r" + filter + " ORDER BY r.queued_at DESC, r.id DESC LIMIT :limit";
    }

    void bind(Binder binder) {
        values.forEach(value -> value.accept(binder));
        binder.number("limit", query.limit() + 1L);
    }
}
