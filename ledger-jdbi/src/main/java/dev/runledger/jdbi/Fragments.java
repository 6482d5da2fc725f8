package dev.runledger.jdbi;

import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.store.TaskChange;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The parts of statements that both databases share. A {@code moment} is SQL for the time of the change. */
final class Fragments {
    /** The states in which a run holds its guard. */
    static final String IN_FLIGHT = in(RunState.class, RunState::isInFlight);

    /** Selects the first run that had a delivery. A run that could not be enqueued did not take it. */
    static final String SEEN = "SELECT d.id FROM ${run} d WHERE d.delivery_id = :new_delivery_id"
            + " AND d.project = :new_project AND d.workflow_name = :new_workflow_name"
            + " AND d.target IS NOT DISTINCT FROM :new_target AND d.channel = :new_channel"
            + " AND d.latest_event <> 'workflow.run.enqueue_failed' ORDER BY d.queued_at, d.id LIMIT 1";

    /** Selects the run that holds a guard. */
    static final String GUARD_HOLDER = "SELECT r.id FROM ${run} r WHERE r.guarded"
            + " AND r.project = :new_project AND r.workflow_name = :new_workflow_name AND r.target = :new_target"
            + " AND r.channel = :new_channel";

    /** Selects a parent in flight under whose guard the new run works. */
    private static final String PARENT =
            "SELECT 1 FROM ${run} p WHERE p.id = :new_parent_run_id AND p.state IN " + IN_FLIGHT
                    + " AND p.project = :new_project AND p.workflow_name = :new_workflow_name AND p.target = :new_target"
                    + " AND p.channel = :new_channel";

    /** Says whether an imported run has its guard. */
    static final String IMPORTED_GUARD = "CASE WHEN :guardable THEN NOT EXISTS (" + PARENT + ") ELSE FALSE END";

    /** Inserts an event of a run, a task or a refusal. */
    static final String INSERT_EVENT = "INSERT INTO ${event}"
            + " (subject, seq, run_id, run_seq, event, occurred_at, transition_id, call_id, child_run_id, data) ";

    private Fragments() {}

    /**
     * Inserts the run {@code :new_…} if nothing is in its way.
     *
     * @param source a FROM clause for the moment, or empty
     */
    static String insertRun(InsertShape run, String moment, String source, String condition) {
        String guarded = !run.targeted() ? "FALSE" : run.child() ? "NOT EXISTS (" + PARENT + ")" : "TRUE";
        String once = run.once() ? " AND NOT EXISTS (" + SEEN + ")" : "";
        return "INSERT INTO ${run} (" + RunColumns.inserted() + ") SELECT " + RunColumns.queued(moment, guarded)
                + source + " WHERE " + condition + once + " ON CONFLICT DO NOTHING";
    }

    /** Returns the list of these constants, in their order. */
    static <E extends Enum<E>> String in(Class<E> type, Predicate<E> which) {
        return Arrays.stream(type.getEnumConstants())
                .filter(which)
                .map(constant -> "'" + constant.name() + "'")
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /**
     * Returns what a call changes in the row of its run beside its version.
     *
     * @param old the prefix of the columns of the row as it was
     */
    static String assignments(RunCommand command, Database database, String old, String moment) {
        String state = "state = '" + command.enters() + "', latest_event = :event, changed_at = " + moment;
        String waited = ", suspended_us = %ssuspended_us + CASE WHEN %sstate = 'SUSPENDED' THEN %s ELSE 0 END"
                .formatted(old, old, database.elapsed(old + "suspended_at", moment));
        return state
                + switch (command) {
                    case START ->
                        ", started_at = COALESCE(%sstarted_at, %s), queue_wait_us = %s, execution = %sexecution + 1,"
                                        .formatted(old, moment, database.elapsed(old + "changed_at", moment), old)
                                + " owner = :worker, claim_token = :claimToken";
                    case REQUEUE -> ", owner = NULL, claim_token = NULL";
                    case SUSPEND ->
                        ", suspended_at = " + moment
                                + ", owner = NULL, claim_token = NULL, wait_code = :wait_code, wait_reason = :wait_reason,"
                                + " wait_deadline = :wait_deadline, wait_on_deadline = :wait_on_deadline,"
                                + " correlation_key = :correlation_key, wait_context = :wait_context,"
                                + " resumed = FALSE, resume_decision = NULL,"
                                + " resume_actor = NULL, resume_key = NULL, resume_context = NULL, resume_payload = NULL";
                    case RESUME ->
                        waited
                                + ", owner = NULL, claim_token = NULL, resumed = TRUE, resume_decision = :resume_decision,"
                                + " resume_actor = :resume_actor, resume_key = :resume_key, resume_context = :resume_context,"
                                + " resume_payload = :resume_payload";
                    case HAND_OFF -> ", handed_off = TRUE, owner = NULL, claim_token = NULL";
                    case SUCCEED -> waited + ", guarded = FALSE";
                    case INCOMPLETE, CANCEL -> waited + ", guarded = FALSE, reason = :reason";
                    case FAIL, ENQUEUE_FAILED ->
                        waited + ", guarded = FALSE, reason = :reason, error_category = :error_category,"
                                + " uncaught = :uncaught, error_class = :error_class, error_message = :error_message,"
                                + " error_stack = :error_stack";
                };
    }

    /**
     * Gives a guard that a run held to the oldest run in flight that worked under it. The condition on the state is asked again when the
     * row's lock is held, so that a run that ends meanwhile gets none.
     *
     * @param source a FROM clause for the run that held it, or empty
     * @param old the prefix of the columns of that run, or of its parameters
     */
    static String passGuard(String source, String old) {
        return "UPDATE ${run} AS h SET guarded = TRUE" + source + " WHERE h.state IN " + IN_FLIGHT
                + " AND h.id = (SELECT c.id FROM ${run} c WHERE c.project = %sproject AND c.workflow_name = %sworkflow_name"
                        .formatted(old, old)
                + " AND c.target = %starget AND c.channel = %schannel AND c.id <> %sid AND c.state IN "
                        .formatted(old, old, old)
                + IN_FLIGHT + " ORDER BY c.queued_at, c.id LIMIT 1)";
    }

    /** Returns whether what a call expects of its run stands, as a condition on the columns with this prefix. */
    static String expected(String old) {
        return "(CAST(:expectedClaim AS text) IS NULL OR %sclaim_token = :expectedClaim)".formatted(old)
                + " AND (CAST(:expectedSeq AS bigint) IS NULL OR %sseq = :expectedSeq)".formatted(old);
    }

    /**
     * Returns what a change makes of the row of a task that is there, beside its version.
     *
     * @param execution SQL for the execution of its run
     */
    static String taskAssignments(TaskChange.Kind kind, String old, String moment, String execution) {
        String attempt = kind == TaskChange.Kind.RETRY
                ? ", attempt = %sattempt + 1, attempted_at = %s, execution = %s".formatted(old, moment, execution)
                : "";
        return "state = :state, changed_at = " + moment + ", output = :output, exit_code = :exit_code,"
                + " output_bytes = :output_bytes, timed_out = :timed_out, failure_reason = :failure_reason,"
                + " error_category = :error_category, uncaught = :uncaught, error_class = :error_class,"
                + " error_message = :error_message, error_stack = :error_stack" + attempt;
    }
}
