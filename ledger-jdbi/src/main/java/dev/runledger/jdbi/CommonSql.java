package dev.runledger.jdbi;

/** The statements that write what needs no decision. Both databases share them. */
final class CommonSql {
    /** The columns of the end of a run. */
    static final String ENDED =
            "run_id, project, workflow_name, workflow_version, target, channel, queued_at, ended_at, state,"
                    + " error_category, duration_us, queue_wait_us, suspended_us";

    /** Puts an imported run in flight, unless another one has its id or its guard. */
    final String importedInFlight;

    /** Inserts a run as it stands. */
    final String importedRun;

    /** Inserts what an imported run waits for. */
    final String importedWait;

    /** Inserts the end of an imported run. */
    final String importedEnd;

    /** Claims a run; selects it. */
    final String claim;

    /** Inserts a payload of a run or a task. */
    final String payload;

    /** Inserts a task as it stands. */
    final String importedTask;

    /** Inserts an event. */
    final String event;

    /** Selects the run that a task belongs to. */
    final String runOfTask;

    /** Inserts the event of a refusal. */
    final String refusal;

    CommonSql(Database database, Tables tables) {
        InsertShape child = new InsertShape(true, true, false, false);
        this.importedInFlight = tables.in(
                Fragments.INSERT_IN_FLIGHT + ":queued_at, CASE WHEN :guardable THEN " + Fragments.guarded(child)
                        + " ELSE FALSE END WHERE " + Fragments.isFree(child) + " ON CONFLICT DO NOTHING");
        this.importedRun =
                tables.in(Fragments.insertRun("VALUES (" + RunColumns.asItIs() + ")") + " ON CONFLICT DO NOTHING");
        this.importedWait =
                tables.in("INSERT INTO ${wait} (run_id, project, code, correlation_key, deadline, on_deadline,"
                        + " suspended_at, seq) SELECT id, project, wait_code, correlation_key, wait_deadline, wait_on_deadline, suspended_at, seq"
                        + " FROM ${run} WHERE id = :id");
        this.importedEnd = tables.in("INSERT INTO ${ended} (" + ENDED + ") SELECT " + ended(database, "r.")
                + " FROM ${run} r WHERE r.id = :id");
        this.claim = tables.in("UPDATE ${run} SET owner = :worker, claim_token = :claimToken, instance = :instance"
                + " WHERE id = :id AND "
                + Fragments.isClaimable("${run}.") + " RETURNING " + RunColumns.whole("${run}."));
        this.payload =
                tables.in(Fragments.INSERT_PAYLOAD + "VALUES (:runId, :taskId, :kind, :body)" + Fragments.OR_REPLACE);
        this.importedTask =
                tables.in("INSERT INTO ${task} (" + TaskColumns.inserted() + ") VALUES (" + TaskColumns.asItIs() + ")");
        this.event = tables.in(
                Fragments.INSERT_EVENT
                        + "VALUES (:runId, :taskId, :seq, :runSeq, :event, :moment, :idempotencyKey, :callId, :childRunId, :data)");
        this.runOfTask = tables.in("SELECT t.run_id FROM ${task} t WHERE t.id = :id");
        this.refusal = tables.in(
                "INSERT INTO ${refusal} (id, refused_at, data) VALUES (:id, :moment, :data) ON CONFLICT DO NOTHING");
    }

    /**
     * Returns the values of the end of a run, in the order of {@link #ENDED}.
     *
     * @param run the prefix of the columns of the run
     */
    static String ended(Database database, String run) {
        return ("%1$sid, %1$sproject, %1$sworkflow_name, %1$sworkflow_version, COALESCE(%1$starget, ''), %1$schannel, %1$squeued_at,"
                        + " %1$schanged_at, %1$sstate, %1$serror_category, CASE WHEN %1$sstarted_at IS NOT NULL THEN %2$s END,"
                        + " %1$squeue_wait_us, %1$ssuspended_us")
                .formatted(run, database.elapsed(run + "started_at", run + "changed_at"));
    }
}
