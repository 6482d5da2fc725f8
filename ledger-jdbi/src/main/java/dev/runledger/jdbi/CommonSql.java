package dev.runledger.jdbi;

/** The statements that write what needs no decision. Both databases share them. */
final class CommonSql {
    /** Inserts a run as it stands; one that may have a guard takes it, unless it works under its parent's. */
    final String importedRun;

    /** Inserts a task as it stands. */
    final String importedTask;

    /** Inserts an event of an imported run. */
    final String importedEvent;

    /** Selects the run that a task belongs to. */
    final String runOfTask;

    /** Inserts the event of a refusal. */
    final String refusal;

    CommonSql(Tables tables) {
        this.importedRun = tables.in("INSERT INTO ${run} (" + RunColumns.inserted() + ") VALUES ("
                + RunColumns.asItIs(Fragments.IMPORTED_GUARD) + ") ON CONFLICT DO NOTHING");
        this.importedTask =
                tables.in("INSERT INTO ${task} (" + TaskColumns.inserted() + ") VALUES (" + TaskColumns.asItIs() + ")");
        this.importedEvent = tables.in(
                Fragments.INSERT_EVENT
                        + "VALUES (:subject, :seq, :runId, :runSeq, :event, :moment, :idempotencyKey, :callId, :childRunId, :data)");
        this.runOfTask = tables.in("SELECT t.run_id FROM ${task} t WHERE t.id = :id");
        this.refusal = tables.in(
                Fragments.INSERT_EVENT
                        + "VALUES (:subject, 0, NULL, NULL, :event, :moment, NULL, :callId, NULL, :data) ON CONFLICT DO NOTHING");
    }
}
