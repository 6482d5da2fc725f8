package dev.runledger.jdbi;

import dev.runledger.run.WorkflowRun;
import java.sql.SQLException;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;

/**
 * A row of a page: a run, or why it is none. The first two columns are its position, so that a row that cannot be read still says
 * where the next page begins.
 *
 * @param id the id that stands in the row
 * @param micros when it was dispatched, in microseconds since 1970
 * @param run the run, or null
 * @param why why there is none, or null
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

    /** As {@code RunQuery.Position} writes it. */
    String position() {
        return micros + "_" + id;
    }
}
