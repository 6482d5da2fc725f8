package dev.runledger.trials;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * The rows of runs, tasks and events, as they were at one moment.
 *
 * @param runs by their ids
 * @param tasks by their ids
 * @param events by the id of the run or task, in their order, without refusals
 */
record StoredRows(Map<String, Subject> runs, Map<String, Subject> tasks, Map<String, List<Event>> events) {
    /**
     * A run or a task.
     *
     * @param detail the latest event of a run, the attempt of a task
     * @param runId the run of a task; for a run, itself
     */
    record Subject(String state, long seq, String detail, String runId) {}

    /** An event. */
    record Event(long seq, String name, String runId, String child) {}

    private interface Row {
        void take(ResultSet row) throws SQLException;
    }

    /** Reads the rows whose ids have this prefix; with an empty one, all. */
    static StoredRows read(DataSource source, String prefix) {
        StoredRows rows = new StoredRows(new HashMap<>(), new HashMap<>(), new HashMap<>());
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            each(
                    connection,
                    "SELECT id, state, seq, latest_event, id FROM ledger_run WHERE id LIKE ?",
                    prefix,
                    row -> rows.runs.put(row.getString(1), subject(row)));
            each(
                    connection,
                    "SELECT id, state, seq, attempt, run_id FROM ledger_task WHERE id LIKE ?",
                    prefix,
                    row -> rows.tasks.put(row.getString(1), subject(row)));
            each(
                    connection,
                    "SELECT CASE WHEN task_id = '' THEN run_id ELSE task_id END AS subject, seq, event, run_id, child_run_id"
                            + " FROM ledger_event WHERE run_id LIKE ? ORDER BY subject, seq",
                    prefix,
                    row -> rows.events
                            .computeIfAbsent(row.getString(1), subject -> new ArrayList<>())
                            .add(new Event(row.getLong(2), row.getString(3), row.getString(4), row.getString(5))));
            connection.rollback();
        } catch (SQLException failed) {
            throw new IllegalStateException("The tables cannot be read", failed);
        }
        return rows;
    }

    private static Subject subject(ResultSet row) throws SQLException {
        return new Subject(row.getString(2), row.getLong(3), row.getString(4), row.getString(5));
    }

    private static void each(Connection connection, String sql, String prefix, Row taker) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, prefix + "%");
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    taker.take(row);
                }
            }
        }
    }

    /** Returns the events of a run or task, in their order. */
    List<Event> of(String subject) {
        return events.getOrDefault(subject, List.of());
    }
}
