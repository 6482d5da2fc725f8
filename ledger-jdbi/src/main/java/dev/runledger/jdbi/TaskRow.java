package dev.runledger.jdbi;

import dev.runledger.run.TaskRun;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of a slice of tasks: a task, or none if it cannot be read. The first column is its id, so that an unreadable row still says where
 * the next slice begins.
 *
 * @param id the id in the row
 * @param task the task, or null
 */
record TaskRow(String id, @Nullable TaskRun task) {
    static TaskRow read(Row row) throws SQLException {
        String id = String.valueOf(row.text());
        try {
            return new TaskRow(id, TaskColumns.read(row));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException broken) {
            return new TaskRow(id, null);
        }
    }

    Stream<TaskRun> readable() {
        return Stream.ofNullable(task);
    }
}
