package dev.runledger.store;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a store is asked to do to one run: the call, and what the call brought. Immutable; its texts are redacted already.
 *
 * @param runId the run
 * @param command the call; neither {@code DISPATCH} nor {@code REFUSE}, which make no change to a run
 * @param transitionId the caller's id for this very call, unique in its run, or null where the caller gave none
 * @param fence the worker that has to own the run for the change to be applied, or null for an unfenced one
 * @param worker who starts the run, for {@code START}
 * @param newWait what the run waits for, for {@code SUSPEND}
 * @param resumption what ended the wait, for {@code RESUME}
 * @param child the run that takes over, with its id, for {@code HAND_OFF}
 * @param reason why, for {@code INCOMPLETE} and {@code CANCEL}
 * @param failure how it failed, for {@code FAIL} and {@code ENQUEUE_FAILED}
 * @param extra fields of the host's own, or null
 */
public record Change(
        RunId runId,
        RunCommand command,
        @Nullable String transitionId,
        @Nullable String fence,
        @Nullable String worker,
        @Nullable Wait newWait,
        @Nullable Resumption resumption,
        @Nullable NewRun child,
        @Nullable String reason,
        @Nullable Failure failure,
        @Nullable EventFields extra) {
    /** Checks that the change has what its call needs. */
    public Change {
        Objects.requireNonNull(runId, "runId");
        switch (command) {
            case START -> Objects.requireNonNull(worker, "worker");
            case SUSPEND -> Objects.requireNonNull(newWait, "newWait");
            case RESUME -> Objects.requireNonNull(resumption, "resumption");
            case HAND_OFF ->
                Objects.requireNonNull(Objects.requireNonNull(child, "child").id(), "child.id");
            case INCOMPLETE, CANCEL -> Objects.requireNonNull(reason, "reason");
            case FAIL, ENQUEUE_FAILED -> Objects.requireNonNull(failure, "failure");
            case SUCCEED -> {}
            case DISPATCH, REFUSE ->
                throw new IllegalArgumentException(command + " is no change to a run: expected one of the other calls");
        }
    }

    private Change(RunId runId, RunCommand command) {
        this(runId, command, null, null, null, null, null, null, null, null, null);
    }

    /** A worker takes the run. */
    public static Change start(RunId runId, String worker) {
        return new Change(runId, RunCommand.START, null, null, worker, null, null, null, null, null, null);
    }

    /** The run waits. */
    public static Change suspend(RunId runId, Wait wait) {
        return new Change(runId, RunCommand.SUSPEND, null, null, null, wait, null, null, null, null, null);
    }

    /** The wait is over. */
    public static Change resume(RunId runId, Resumption resumption) {
        return new Change(runId, RunCommand.RESUME, null, null, null, null, resumption, null, null, null, null);
    }

    /** A child, which has its id, takes over. */
    public static Change handOff(RunId runId, NewRun child) {
        return new Change(runId, RunCommand.HAND_OFF, null, null, null, null, null, child, null, null, null);
    }

    /** The work is done. */
    public static Change succeed(RunId runId) {
        return new Change(runId, RunCommand.SUCCEED);
    }

    /** The work ran cleanly and is undone. */
    public static Change incomplete(RunId runId, String reason) {
        return new Change(runId, RunCommand.INCOMPLETE, null, null, null, null, null, null, reason, null, null);
    }

    /** The work failed. */
    public static Change fail(RunId runId, Failure failure) {
        return new Change(runId, RunCommand.FAIL, null, null, null, null, null, null, null, failure, null);
    }

    /** The run could not be enqueued. */
    public static Change enqueueFailed(RunId runId, Failure failure) {
        return new Change(runId, RunCommand.ENQUEUE_FAILED, null, null, null, null, null, null, null, failure, null);
    }

    /** Somebody called the run off. */
    public static Change cancel(RunId runId, String reason) {
        return new Change(runId, RunCommand.CANCEL, null, null, null, null, null, null, reason, null, null);
    }

    /** The same change as this very call. */
    public Change transitionId(@Nullable String transitionId) {
        return new Change(
                runId, command, transitionId, fence, worker, newWait, resumption, child, reason, failure, extra);
    }

    /** The same change, to be applied only while this worker owns the run. */
    public Change fence(@Nullable String fence) {
        return new Change(
                runId, command, transitionId, fence, worker, newWait, resumption, child, reason, failure, extra);
    }

    /** The same change with fields of the host's own on its event. */
    public Change extra(@Nullable EventFields extra) {
        return new Change(
                runId, command, transitionId, fence, worker, newWait, resumption, child, reason, failure, extra);
    }

    /** The same change without the live error, as a store keeps it. */
    public Change withoutError() {
        Failure kept = failure == null ? null : failure.withoutError();
        return new Change(runId, command, transitionId, fence, worker, newWait, resumption, child, reason, kept, extra);
    }

    /** The event that this change tells. */
    public WorkflowRunEvent event() {
        return WorkflowRunEvent.of(command);
    }

    /** What the event says, given the run as this change left it. */
    public EventFields fields(WorkflowRun run) {
        EventFields fields = RunFields.of(run);
        switch (command) {
            case START -> {
                fields.put(EventField.QUEUE_WAIT_MS, run.times().queueWait());
                fields.workerId(Objects.requireNonNull(worker));
            }
            case SUSPEND -> RunFields.wait(fields, Objects.requireNonNull(newWait));
            case RESUME -> RunFields.resumption(fields, run, Objects.requireNonNull(resumption));
            case HAND_OFF -> {
                fields.duration(run.times().elapsed());
                fields.put(EventField.CHILD_RUN_ID, childId().value());
            }
            case SUCCEED -> RunFields.ending(fields, run);
            case INCOMPLETE, CANCEL -> RunFields.ending(fields, run).reason(Objects.requireNonNull(reason));
            case FAIL -> {
                Failure how = Objects.requireNonNull(failure);
                RunFields.ending(fields, run).failure(how).put(EventField.UNCAUGHT, how.uncaught());
            }
            case ENQUEUE_FAILED -> RunFields.enqueueFailure(fields, run, Objects.requireNonNull(failure));
            case DISPATCH, REFUSE -> throw new IllegalStateException("no change: " + command);
        }
        return extra == null ? fields : fields.putAll(extra);
    }

    private RunId childId() {
        return Objects.requireNonNull(Objects.requireNonNull(child).id());
    }
}
