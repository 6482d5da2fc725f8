package dev.runledger.jdbi;

import dev.runledger.run.WorkflowRun;
import java.sql.SQLException;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;

/**
 * A row of a page: a run, or why it cannot be read. The first two columns are its position, so that an unreadable row still says where
 * the next page begins.
 *
 * @param id the id in the row
 * @param micros when the run was dispatched, in microseconds since 1970
 * @param run the run, or null
 * @param why why it cannot be read, or null
 */
record PageRow(
        String id,
        long micros,
        @Nullable WorkflowRun run,
        @Nullable String why) {
    static PageRow read(Row row) throws SQLException {
        long micros = row.number();
        String id = String.valueOf(row.text());
        try {
            return new PageRow(id, micros, RunColumns.read(row, false).run(), null);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException broken) {
            return new PageRow(id, micros, null, String.valueOf(broken.getMessage()));
        }
    }

    /** Returns the position as {@code RunQuery.Position} writes it. */
    String position() {
        return micros + "_" + id;
    }
}
