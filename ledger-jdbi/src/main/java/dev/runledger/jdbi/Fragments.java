package dev.runledger.jdbi;

import dev.runledger.event.TaskRunEvent;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The parts of statements that both databases share. A moment is what the database's clock says, or a value that is bound. */
final class Fragments {
    /** The states in which a run holds its guard. */
    static final String IN_FLIGHT = Arrays.stream(RunState.values())
            .filter(RunState::isInFlight)
            .map(state -> "'" + state.name() + "'")
            .collect(Collectors.joining(", ", "(", ")"));

    /** Where a delivery was seen. */
    static final String SEEN = "SELECT d.id FROM ${run} d WHERE d.delivery_id = :new_delivery_id"
            + " AND d.project = :new_project AND d.workflow_name = :new_workflow_name"
            + " AND d.target IS NOT DISTINCT FROM :new_target ORDER BY d.queued_at, d.id LIMIT 1";

    /** A parent in flight under whose guard the new run works. */
    private static final String PARENT =
            "SELECT 1 FROM ${run} p WHERE p.id = :new_parent_run_id AND p.state IN " + IN_FLIGHT
                    + " AND p.project = :new_project AND p.workflow_name = :new_workflow_name AND p.target = :new_target";

    /** What an event of a run, a task or a refusal is inserted into. */
    static final String INSERT_EVENT = "INSERT INTO ${event}"
            + " (subject, seq, run_id, run_seq, event, occurred_at, transition_id, call_id, child_run_id, data) ";

    private Fragments() {}

    /** Inserts the run {@code :new_…} where nothing is in its way; {@code source} is a from clause that gives the moment, or empty. */
    static String insertRun(InsertShape run, String moment, String source, String condition) {
        String guarded = !run.targeted() ? "FALSE" : run.child() ? "NOT EXISTS (" + PARENT + ")" : "TRUE";
        String once = run.once() ? " AND NOT EXISTS (" + SEEN + ")" : "";
        return "INSERT INTO ${run} (" + RunColumns.inserted() + ") SELECT " + RunColumns.queued(moment, guarded)
                + source + " WHERE " + condition + once + " ON CONFLICT DO NOTHING";
    }

    /** The states that a call may leave. */
    static String leaves(RunCommand command) {
        return Arrays.stream(RunState.values())
                .filter(command::leaves)
                .map(state -> "'" + state.name() + "'")
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /**
     * What a call changes in the row of its run, beside its version.
     *
     * @param old what the columns of the row before it are prefixed with
     */
    static String assignments(RunCommand command, Dialect dialect, String old, String moment) {
        String state =
                "state = '" + command.enters().orElseThrow() + "', latest_event = :event, changed_at = " + moment;
        String waited = ", suspended_us = %ssuspended_us + CASE WHEN %sstate = 'SUSPENDED' THEN %s ELSE 0 END"
                .formatted(old, old, dialect.elapsed(old + "suspended_at", moment));
        return state
                + switch (command) {
                    case START -> ", started_at = COALESCE(%sstarted_at, %s), owner = :worker".formatted(old, moment);
                    case SUSPEND ->
                        ", suspended_at = " + moment
                                + ", owner = NULL, wait_code = :wait_code, wait_reason = :wait_reason,"
                                + " wait_deadline = :wait_deadline, wait_on_deadline = :wait_on_deadline,"
                                + " correlation_key = :correlation_key, wait_context = :wait_context,"
                                + " resumed = FALSE, resume_decision = NULL,"
                                + " resume_actor = NULL, resume_key = NULL, resume_context = NULL, resume_payload = NULL";
                    case RESUME ->
                        waited + ", owner = NULL, resumed = TRUE, resume_decision = :resume_decision,"
                                + " resume_actor = :resume_actor, resume_key = :resume_key, resume_context = :resume_context,"
                                + " resume_payload = :resume_payload";
                    case HAND_OFF -> ", handed_off = TRUE, owner = NULL";
                    case SUCCEED -> waited + ", guarded = FALSE";
                    case INCOMPLETE, CANCEL -> waited + ", guarded = FALSE, reason = :reason";
                    case FAIL, ENQUEUE_FAILED ->
                        waited + ", guarded = FALSE, reason = :reason, error_category = :error_category,"
                                + " uncaught = :uncaught, error_class = :error_class, error_message = :error_message,"
                                + " error_stack = :error_stack";
                    case DISPATCH, REFUSE -> throw new IllegalArgumentException(command + " changes no run");
                };
    }

    /** What a call changes in the row of its task, beside its version. */
    static String taskAssignments(TaskRunEvent event, String old, String moment) {
        String state = "state = :state, changed_at = " + moment;
        String result = event == TaskRunEvent.RETRYING
                ? ", output = NULL, exit_code = NULL, output_bytes = NULL, timed_out = NULL, failure_reason = NULL,"
                        + " error_category = NULL, uncaught = NULL, error_class = NULL, error_message = NULL, error_stack = NULL"
                : ", output = :output, exit_code = :exit_code, output_bytes = :output_bytes, timed_out = :timed_out,"
                        + " failure_reason = :failure_reason, error_category = :error_category, uncaught = :uncaught,"
                        + " error_class = :error_class, error_message = :error_message, error_stack = :error_stack";
        String attempt = event == TaskRunEvent.RETRYING
                ? ", attempt = %sattempt + 1, attempted_at = %s".formatted(old, moment)
                : "";
        return state + result + attempt;
    }
}
