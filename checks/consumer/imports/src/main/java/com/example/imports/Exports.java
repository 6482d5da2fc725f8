package com.example.imports;

import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.Dispatch.RefusalCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** The exports, which have their own table: it is changed and committed, and then the event is emitted. */
public final class Exports {
    private static final int LONGEST_ROW = 80;

    private final DataSource dataSource;
    private final WorkflowRunEvents events;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final Consumer<String> notices;

    /** Exports in this database; customers are given notice of what is finished. */
    public Exports(
            DataSource dataSource,
            WorkflowRunEvents events,
            InstantSource clock,
            Supplier<String> ids,
            Consumer<String> notices)
            throws SQLException {
        this.dataSource = dataSource;
        this.events = events;
        this.clock = clock;
        this.ids = ids;
        this.notices = notices;
        try (Connection connection = dataSource.getConnection()) {
            connection.createStatement().execute(ExportTable.DDL);
        }
    }

    /** Queues an export, unless one of this customer's is under way. The key opens the customer's vault. */
    public Optional<String> request(String customer, String key) throws SQLException {
        ExportRow row = ExportRow.queued(ids.get(), customer, clock.instant());
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            boolean busy = ExportTable.isBusyFor(connection, customer);
            if (busy || key.isEmpty()) {
                connection.rollback();
                refused(customer, busy);
                return Optional.empty();
            }
            ExportTable.save(connection, row);
            connection.commit();
            events.log(WorkflowRunEvent.QUEUED, row.fields());
        }
        return Optional.of(row.id());
    }

    private void refused(String customer, boolean busy) {
        RefusalCode code = busy ? RefusalCode.IN_FLIGHT : RefusalCode.INVALID;
        EventFields fields = EventFields.of().workflowName("export").target(customer);
        events.log(
                WorkflowRunEvent.DISPATCH_REFUSED,
                fields.put(EventField.REASON_CODE, code.code()).reason(busy ? "under way" : "no key"));
    }

    /** A worker begins. */
    public void begin(String id, String worker) throws SQLException {
        Instant now = clock.instant();
        ExportRow row = change(id, each -> each.begun(now));
        Duration wait = Duration.between(row.queuedAt(), now);
        events.log(
                WorkflowRunEvent.RUNNING,
                row.fields().workerId(worker).queueWait(wait).put(EventField.EXECUTION, row.execution()));
    }

    /** The worker has to stop, and another begins anew. */
    public void giveBack(String id, String why) throws SQLException {
        Instant now = clock.instant();
        ExportRow row = change(id, each -> each.givenBack(now));
        EventFields over = row.fields().duration(Duration.between(row.startedAt(), now));
        over.reason(why).put(EventField.EXECUTION, row.execution());
        events.log(WorkflowRunEvent.REQUEUED, over);
    }

    /** The export waits: the customer's quota is used up. */
    public void hold(String id, int quota) throws SQLException {
        Instant now = clock.instant();
        ExportRow row = change(id, each -> each.held(now));
        events.log(
                WorkflowRunEvent.SUSPENDED,
                row.fields().reason("quota is used up").put("quota", quota));
    }

    /** There is room again. */
    public void release(String id) throws SQLException {
        Instant now = clock.instant();
        Duration before = find(id).suspended();
        ExportRow row = change(id, each -> each.released(now));
        EventFields resumed = row.fields().suspended(row.suspended().minus(before));
        events.log(WorkflowRunEvent.RESUMED, resumed);
    }

    /** The export is done, its first row for those who look at the log. */
    public void finish(String id, String firstRow) throws SQLException {
        Instant now = clock.instant();
        ExportRow row = change(id, each -> each.ended("DONE"));
        String head = firstRow.substring(0, Math.min(firstRow.length(), LONGEST_ROW));
        events.log(
                WorkflowRunEvent.SUCCEEDED,
                row.fields()
                        .duration(Duration.between(row.startedAt(), now))
                        .queueWait(row.queueWait())
                        .suspended(row.suspended())
                        .put("firstRow", head));
        notices.accept(id);
    }

    /** The export could not be written to where the customer wants it. */
    public void fail(String id, String url) throws SQLException {
        Instant now = clock.instant();
        ExportRow row = change(id, each -> each.ended("FAILED"));
        String place = url.replaceAll("//.*@", "//");
        events.log(
                WorkflowRunEvent.FAILED,
                row.fields()
                        .duration(Duration.between(row.startedAt(), now))
                        .suspended(row.suspended())
                        .reason("cannot write to " + place)
                        .put(EventField.ERROR_CATEGORY, Failure.Category.CONNECTIVITY.code())
                        .put(EventField.UNCAUGHT, false));
    }

    /** Cancels the export, unless it has ended. */
    public void cancel(String id, String reason) throws SQLException {
        Instant now = clock.instant();
        if (find(id).hasEnded()) {
            return;
        }
        ExportRow row = change(id, each -> each.ended("CANCELLED"));
        events.log(
                WorkflowRunEvent.CANCELLED,
                row.fields()
                        .duration(Duration.between(row.queuedAt(), now))
                        .suspended(row.suspended())
                        .reason(reason));
    }

    /** Takes over what a worker that is gone has begun: both events are emitted now that it is known. */
    public String adopt(String customer, String worker) throws SQLException {
        Instant now = clock.instant();
        ExportRow queued = ExportRow.queued(ids.get(), customer, now);
        ExportRow begun = queued.begun(now);
        try (Connection connection = dataSource.getConnection()) {
            ExportTable.save(connection, begun);
        }
        events.log(WorkflowRunEvent.QUEUED, queued.fields());
        events.log(WorkflowRunEvent.RUNNING, begun.fields().workerId(worker).queueWait(Duration.ZERO));
        return queued.id();
    }

    private ExportRow find(String id) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return ExportTable.find(connection, id);
        }
    }

    private ExportRow change(String id, UnaryOperator<ExportRow> change) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            ExportRow changed = change.apply(ExportTable.find(connection, id));
            ExportTable.save(connection, changed);
            connection.commit();
            return changed;
        }
    }
}
