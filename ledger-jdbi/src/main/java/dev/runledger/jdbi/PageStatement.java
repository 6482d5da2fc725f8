package dev.runledger.jdbi;

import dev.runledger.state.RunState;
import dev.runledger.history.RunQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The statement of a page: a condition for each filter that is set, and never a value of one. */
final class PageStatement {
    private final RunQuery query;
    private final Dialect dialect;

    PageStatement(RunQuery query, Dialect dialect) {
        this.query = query;
        this.dialect = dialect;
    }

    /** Whether some row can pass: none can where a filter asks for a text that no column can hold. */
    boolean isPossible() {
        return TextColumn.canHold(
                query.project(), query.workflowName(), query.trigger(), query.deliveryId(), query.reasonContains());
    }

    String sql() {
        List<String> conditions = new ArrayList<>();
        where(conditions, query.project() != null, "r.project = :project");
        where(conditions, query.workflowName() != null, "r.workflow_name = :workflowName");
        // states are an enum's own names, so they stand in the text, where the planner can match them to a partial
        // index
        where(conditions, !query.states().isEmpty(), "r.state IN (" + states() + ")");
        where(conditions, query.trigger() != null, "r.trigger_name = :trigger");
        where(conditions, query.target() != null, "r.target = :target");
        where(conditions, query.deliveryId() != null, "r.delivery_id = :deliveryId");
        where(conditions, query.parentRunId() != null, "r.parent_run_id = :parentRunId");
        where(conditions, query.errorCategory() != null, "r.error_category = :errorCategory");
        where(conditions, query.from() != null, "r.queued_at >= :from");
        where(conditions, query.to() != null, "r.queued_at < :to");
        where(
                conditions,
                query.reasonContains() != null,
                dialect.contains(dialect.lower("r.reason"), dialect.lower("CAST(:reason AS text)")));
        where(conditions, query.after() != null, "(r.queued_at, r.id) < (:afterTime, :afterId)");
        String filter = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return "SELECT " + dialect.micros("r.queued_at") + " AS position, r.id AS row_id, " + RunColumns.light("r")
                + " FROM ${run} r" + filter + " ORDER BY r.queued_at DESC, r.id DESC LIMIT :limit";
    }

    void bind(Binder binder) {
        if (query.project() != null) {
            binder.text("project", query.project());
        }
        if (query.workflowName() != null) {
            binder.text("workflowName", query.workflowName());
        }
        if (query.trigger() != null) {
            binder.text("trigger", query.trigger());
        }
        if (query.target() != null) {
            binder.text("target", query.target().value());
        }
        if (query.deliveryId() != null) {
            binder.text("deliveryId", query.deliveryId());
        }
        if (query.parentRunId() != null) {
            binder.text("parentRunId", query.parentRunId().value());
        }
        if (query.errorCategory() != null) {
            binder.constant("errorCategory", query.errorCategory());
        }
        if (query.from() != null) {
            binder.instant("from", query.from());
        }
        if (query.to() != null) {
            binder.instant("to", query.to());
        }
        if (query.reasonContains() != null) {
            binder.text("reason", query.reasonContains());
        }
        if (query.after() != null) {
            binder.instant("afterTime", query.after().queuedAt());
            binder.text("afterId", TextColumn.near(query.after().id(), dialect));
        }
        binder.number("limit", query.limit() + 1L);
    }

    private String states() {
        return query.states().stream()
                .map(RunState::name)
                .sorted()
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", "));
    }

    private static void where(List<String> conditions, boolean isSet, String condition) {
        if (isSet) {
            conditions.add(condition);
        }
    }
}
