package dev.runledger.run;

import dev.runledger.state.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A task run, a step of a workflow run, as it stood at one moment. Immutable.
 *
 * @param request what was asked for, with its id; never changes
 * @param runId the run that it belongs to
 * @param state the state; {@link TaskState#ABANDONED} where it is read as RUNNING in a run that has ended
 * @param seq the task's version: 1 at first, one more with every transition
 * @param attempt which attempt is or was under way, from 1; 0 for a skipped task
 * @param startedAt when the first attempt started
 * @param attemptedAt when this attempt started
 * @param changedAt when it entered the state that it is in
 * @param result what the latest attempt gave back, or null
 * @param failure how the latest attempt failed, or null
 * @param reason why it was skipped, or null
 */
public record TaskRun(
        NewTask request,
        RunId runId,
        TaskState state,
        long seq,
        int attempt,
        Instant startedAt,
        Instant attemptedAt,
        Instant changedAt,
        @Nullable TaskResult result,
        @Nullable Failure failure,
        @Nullable String reason) {
    /** Checks that the task has an id, a run, a state and its times. */
    public TaskRun {
        Objects.requireNonNull(request.id(), "request.id");
        Objects.requireNonNull(runId, "runId");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(attemptedAt, "attemptedAt");
        Objects.requireNonNull(changedAt, "changedAt");
    }

    /** The task's id. */
    public TaskId id() {
        return Objects.requireNonNull(request.id());
    }

    /** The same task in another state. */
    public TaskRun state(TaskState state) {
        return new TaskRun(
                request, runId, state, seq, attempt, startedAt, attemptedAt, changedAt, result, failure, reason);
    }

    /** From the start of this attempt to the latest change; never negative. */
    public Duration elapsed() {
        return RunTimes.between(attemptedAt, changedAt);
    }

    /** The id of the event that made the task what it is: {@code <taskId>:<taskSeq>}. */
    public String eventId() {
        return eventId(id(), seq);
    }

    /** The id of the event that a task told at this version: {@code <taskId>:<taskSeq>}. */
    public static String eventId(TaskId id, long seq) {
        return id.value() + ':' + seq;
    }
}
