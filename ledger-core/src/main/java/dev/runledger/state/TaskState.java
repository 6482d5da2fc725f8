package dev.runledger.state;

/**
 * The states of a task run, a step of a workflow run.
 *
 * <p>A task starts RUNNING and ends SUCCEEDED or FAILED; a failed attempt may run again as the next one; a task that is not
 * needed is SKIPPED without having run. {@link #ABANDONED} is never stored: it is what a RUNNING task reads as once its run
 * has ended.
 */
public enum TaskState {
    /** An attempt is under way. */
    RUNNING,
    /** The task is done. */
    SUCCEEDED,
    /** The last attempt failed; another may follow. */
    FAILED,
    /** The task was not needed. */
    SKIPPED,
    /** The run ended while the task was under way. Derived when read: no write, no event. */
    ABANDONED;

    /** Whether a call leads from this state to the given one. A failed task may run again; a skipped one may not. */
    public boolean mayBecome(TaskState next) {
        return switch (this) {
            case RUNNING -> next == SUCCEEDED || next == FAILED;
            case FAILED -> next == RUNNING;
            case SUCCEEDED, SKIPPED, ABANDONED -> false;
        };
    }
}
