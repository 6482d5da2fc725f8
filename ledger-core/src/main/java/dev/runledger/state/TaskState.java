package dev.runledger.state;

/**
 * The states of a task, a step of a workflow run.
 *
 * <p>A task starts RUNNING and ends SUCCEEDED or FAILED. After a failed attempt another one may follow. A task that is not needed
 * is SKIPPED without having run. {@link #ABANDONED} is never stored: a RUNNING task reads as ABANDONED once its run has ended.
 */
public enum TaskState {
    /** An attempt is under way. */
    RUNNING,
    /** The task is done. */
    SUCCEEDED,
    /** The last attempt failed. Another attempt may follow. */
    FAILED,
    /** The task was not needed. */
    SKIPPED,
    /** The run ended while an attempt was under way. Derived when read: nothing is written and no event is emitted. */
    ABANDONED;

    /** Returns whether a call leads from this state to the given one. A failed task may run again; a skipped one may not. */
    public boolean mayBecome(TaskState next) {
        return switch (this) {
            case RUNNING -> next == SUCCEEDED || next == FAILED;
            case FAILED -> next == RUNNING;
            case SUCCEEDED, SKIPPED, ABANDONED -> false;
        };
    }
}
