package dev.runledger.jdbi;

import java.util.Locale;

/**
 * Lists what stands beside a run or a task in {@code ${payload}}. A column of the row says which of these it has, so that nobody looks for
 * more.
 */
enum Body {
    DETAILS(1),
    TRIGGER(2),
    INPUT(4),
    RESUMPTION(8),
    OUTPUT(16);

    private final int bit;

    Body(int bit) {
        this.bit = bit;
    }

    /** Returns the bit of this body in the column {@code payloads}. */
    int bit() {
        return bit;
    }

    /** Returns the bit if the body is there, or 0. */
    int bitIf(boolean there) {
        return there ? bit : 0;
    }

    /** Returns the body's name in the column {@code kind}. */
    String kind() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the item of a select list for a body of a run.
     *
     * @param run the prefix of the columns of the run
     */
    String ofRun(String run, String label) {
        return select(run, run + "id", "''", label);
    }

    /**
     * Returns the item of a select list for a body of a task.
     *
     * @param task the prefix of the columns of the task
     */
    String ofTask(String task, String label) {
        return select(task, task + "run_id", task + "id", label);
    }

    private String select(String row, String runId, String taskId, String label) {
        return "CASE WHEN (%spayloads & %s) <> 0 THEN (SELECT %s FROM ${payload} p WHERE p.run_id = %s AND p.task_id = %s AND p.kind = '%s') END AS %s"
                .formatted(row, bit, PayloadColumn.select("p.body"), runId, taskId, kind(), label);
    }
}
