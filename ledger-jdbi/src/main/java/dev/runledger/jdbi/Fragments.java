package dev.runledger.jdbi;

import dev.runledger.run.NewRun;
import dev.runledger.state.RunCommand;
import dev.runledger.state.RunState;
import dev.runledger.state.TaskState;
import dev.runledger.store.TaskChange;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The parts of statements that both databases share. A {@code moment} is SQL for the time of the change. */
final class Fragments {
    static final String IN_FLIGHT = in(RunState.class, RunState::isInFlight);
    static final String ENDED = in(RunState.class, RunState::isTerminal);

    /** Selects the run that holds a guard. */
    static final String GUARD_HOLDER =
            "SELECT f.run_id FROM ${in_flight} f WHERE f.guarded AND " + sameGuard("f.", ":new_");

    /** Selects the first run that had a delivery. A run that could not be enqueued did not take it. */
    static final String SEEN = "SELECT d.id FROM ${run} d WHERE d.delivery_id = :new_delivery_id"
            + " AND d.project = :new_project AND d.workflow_name = :new_workflow_name"
            + " AND COALESCE(d.target, '') = COALESCE(:new_target, '') AND d.channel = :new_channel"
            + " AND d.latest_event <> 'workflow.run.enqueue_failed' ORDER BY d.queued_at, d.id LIMIT 1";

    /** Selects the run that took a delivery that may be taken once. */
    static final String TAKEN = "SELECT d.run_id FROM ${delivery} d WHERE d.digest = :new_delivery_digest";

    /** Selects the parent under whose guard the new run works. */
    private static final String PARENT =
            "SELECT 1 FROM ${in_flight} p WHERE p.run_id = :new_parent_run_id AND " + sameGuard("p.", ":new_");

    static final String INSERT_EVENT = "INSERT INTO ${event} (run_id, task_id, seq, run_seq, event, occurred_at,"
            + " idempotency_key, call_id, child_run_id, data) ";

    static final String INSERT_IN_FLIGHT = "INSERT INTO ${in_flight}"
            + " (run_id, project, workflow_name, target, channel, task_queue, queued_at, guarded) SELECT :new_id,"
            + " :new_project, :new_workflow_name, :new_target, :new_channel, :new_task_queue, ";

    static final String INSERT_DELIVERY = "INSERT INTO ${delivery}"
            + " (digest, delivery_id, run_id) SELECT :new_delivery_digest, :new_delivery_id, :new_id";

    static final String INSERT_PAYLOAD = "INSERT INTO ${payload} (run_id, task_id, kind, body) ";

    /** Replaces the body of an earlier resumption or attempt. */
    static final String OR_REPLACE = " ON CONFLICT (run_id, task_id, kind) DO UPDATE SET body = excluded.body";

    private static final String NOBODYS = ", owner = NULL, claim_token = NULL, instance = NULL";

    private Fragments() {}

    private static String sameGuard(String row, String values) {
        return "%1$sproject = %2$sproject AND %1$sworkflow_name = %2$sworkflow_name AND %1$starget = %2$starget AND %1$schannel = %2$schannel"
                .formatted(row, values);
    }

    /** Returns whether nothing that is stored is in the way of the new run; rivals of the same moment meet at the unique keys. */
    static String isFree(InsertShape run) {
        return "NOT EXISTS (SELECT 1 FROM ${run} x WHERE x.id = :new_id)"
                + (run.once() ? " AND NOT EXISTS (" + TAKEN + ") AND NOT EXISTS (" + SEEN + ")" : "");
    }

    /** Returns whether the new run holds its guard. */
    static String guarded(InsertShape run) {
        return !run.targeted() ? "FALSE" : run.child() ? "NOT EXISTS (" + PARENT + ")" : "TRUE";
    }

    static String insertRun(String values) {
        return "INSERT INTO ${run} (" + RunColumns.inserted() + ") " + values;
    }

    /** Returns the list of these constants, in their order. */
    static <E extends Enum<E>> String in(Class<E> type, Predicate<E> which) {
        return Arrays.stream(type.getEnumConstants())
                .filter(which)
                .map(constant -> "'" + constant.name() + "'")
                .collect(Collectors.joining(", ", "(", ")"));
    }

    // ---- changes of a run

    /**
     * Returns whether a change fits the run as it stands: the rules of {@link dev.runledger.store.Lifecycle#decide} as a condition.
     *
     * @param run the prefix of the columns of the run
     */
    static String fits(RunCommand command, String run) {
        String own = switch (command) {
            case RESUME -> " AND (CAST(:key AS text) IS NULL OR %scorrelation_key = :key)".formatted(run);
            case REQUEUE -> " AND NOT %shanded_off".formatted(run);
            default -> "";
        };
        return run + "state IN " + in(RunState.class, command::leaves) + " AND " + expected(run) + own;
    }

    /** Returns whether what a call expects of its run stands. */
    static String expected(String run) {
        return "(CAST(:expectedClaim AS text) IS NULL OR %sclaim_token = :expectedClaim)".formatted(run)
                + " AND (CAST(:expectedSeq AS bigint) IS NULL OR %sseq = :expectedSeq)".formatted(run);
    }

    /** Returns whether a worker can claim the run as it stands. */
    static String isClaimable(String run) {
        return "%1$sstate = 'RUNNING' AND %1$sowner IS NULL AND NOT %1$shanded_off AND ".formatted(run) + expected(run);
    }

    /** Returns whether this very call, or one with the same idempotency key, has stored no event yet. */
    static String isNew(String runId, String taskId) {
        return "NOT EXISTS (SELECT 1 FROM ${event} m WHERE m.run_id = %s AND m.task_id = %s AND (m.call_id = :callId OR m.idempotency_key = :idempotencyKey))"
                .formatted(runId, taskId);
    }

    /**
     * Returns what a call changes in the row of its run beside its version.
     *
     * @param old the prefix of the columns of the row as it was
     */
    static String assignments(ChangeShape change, Database database, String old, String moment) {
        RunCommand command = change.command();
        String state = "state = '" + command.enters() + "', latest_event = :event, changed_at = " + moment;
        String waited = ", suspended_us = %1$ssuspended_us + CASE WHEN %1$sstate = 'SUSPENDED' THEN %2$s ELSE 0 END"
                .formatted(old, database.elapsed(old + "suspended_at", moment));
        return state
                + switch (command) {
                    case START ->
                        ", started_at = COALESCE(%sstarted_at, %s), queue_wait_us = %s, execution = %sexecution + 1,"
                                        .formatted(old, moment, database.elapsed(old + "changed_at", moment), old)
                                + " owner = :worker, claim_token = :claimToken, instance = :instance";
                    case REQUEUE -> NOBODYS;
                    case SUSPEND ->
                        ", suspended_at = " + moment + NOBODYS
                                + ", wait_code = :wait_code, wait_reason = :wait_reason,"
                                + " wait_deadline = :wait_deadline, wait_on_deadline = :wait_on_deadline, wait_decision = :wait_decision,"
                                + " correlation_key = :correlation_key, wait_context = :wait_context,"
                                + " resumed = FALSE, resume_decision = NULL,"
                                + " resume_actor = NULL, resume_key = NULL, resume_context = NULL";
                    case RESUME ->
                        waited
                                + NOBODYS + ", resumed = TRUE, resume_decision = :resume_decision,"
                                + " resume_actor = :resume_actor, resume_key = :resume_key, resume_context = :resume_context,"
                                + " payloads = " + payloads(old, Body.RESUMPTION, change.payload());
                    case HAND_OFF -> ", handed_off = TRUE" + NOBODYS;
                    case SUCCEED -> "";
                    case INCOMPLETE -> ", reason = :reason";
                    case CANCEL -> waited + ", reason = :reason";
                    case FAIL, ENQUEUE_FAILED ->
                        waited + ", reason = :reason, error_category = :error_category,"
                                + " uncaught = :uncaught, error_class = :error_class, error_message = :error_message,"
                                + " error_stack = :error_stack";
                };
    }

    /** Returns the column {@code payloads} of a row that has this body from now on, or has it no more. */
    private static String payloads(String old, Body body, boolean there) {
        return there ? "%spayloads | %s".formatted(old, body.bit()) : "%spayloads & ~%s".formatted(old, body.bit());
    }

    // ---- changes of a task

    /**
     * Returns whether a change fits a task that is there: the rules of {@link dev.runledger.store.Lifecycle#refusal} as a condition.
     *
     * @param task the prefix of the columns of the task
     * @param run the prefix of those of its run
     */
    static String fits(TaskChange.Kind kind, String task, String run) {
        String ofThisExecution =
                kind == TaskChange.Kind.RETRY ? "" : " AND %sexecution >= %sexecution".formatted(task, run);
        return task + "state IN " + in(TaskState.class, state -> state.mayBecome(kind.enters())) + " AND " + run
                + "state IN " + IN_FLIGHT + ofThisExecution;
    }

    /**
     * Returns what a change makes of the row of a task that is there, beside its version.
     *
     * @param execution SQL for the execution of its run
     */
    static String assignments(TaskShape change, String old, String moment, String execution) {
        String attempt = change.kind() == TaskChange.Kind.RETRY
                ? ", attempt = %sattempt + 1, attempted_at = %s, execution = %s".formatted(old, moment, execution)
                : "";
        return "state = :state, changed_at = " + moment + ", exit_code = :exit_code, status_code = :status_code,"
                + " output_bytes = :output_bytes, timed_out = :timed_out, failure_reason = :failure_reason,"
                + " error_category = :error_category, uncaught = :uncaught, error_class = :error_class,"
                + " error_message = :error_message, error_stack = :error_stack, payloads = "
                + payloads(old, Body.OUTPUT, change.payload()) + attempt;
    }

    /**
     * Returns a FROM clause for rows with the run of each, as {@code r}. A planner that guesses how many runs are in a state would read the
     * whole table; this looks up each run by its key, and stops at the end of a page.
     *
     * @param rows the rows, with an alias
     * @param id the column that has the id of the run
     */
    static String withRun(Database database, String rows, String id) {
        return lookedUp(database, rows, "${run} r", "r.id = " + id);
    }

    /** Returns a FROM clause for the tasks {@code t} with the events of each, as {@code e}, which are looked up by their key. */
    static String tasksWithEvents(Database database) {
        return lookedUp(database, "${task} t", "${event} e", "e.run_id = t.run_id AND e.task_id = t.id");
    }

    /** Returns a FROM clause for rows with the children of each, as {@code r}, which are looked up by their index. */
    static String withChildren(Database database, String rows, String id) {
        return lookedUp(database, rows, "${run} r", "r.parent_run_id = " + id);
    }

    /** Joins rows of another table to each row, in this order whatever the planner guesses. */
    private static String lookedUp(Database database, String rows, String others, String condition) {
        return database == Database.POSTGRESQL
                ? rows + " CROSS JOIN LATERAL (SELECT * FROM " + others + " WHERE " + condition + " OFFSET 0) "
                        + others.substring(others.indexOf(' ') + 1)
                : rows + " CROSS JOIN " + others + " ON " + condition;
    }

    /** Returns the channel of runs that count. */
    static String live() {
        return "'" + NewRun.Channel.LIVE.name() + "'";
    }
}
