package dev.runledger.run;

import java.util.Locale;

/** Lists why a run was changed by a recovery rather than by the code that works on it: the field {@code recovered} of an event. */
public enum Recovery {
    /** The process that had the run sends no heartbeat any more. */
    WORKER_LOST,
    /** Nobody took the run from its queue in the time that its workflow has for it. */
    NEVER_STARTED,
    /** The run was RUNNING for longer than its workflow may be. */
    OUT_OF_TIME,
    /** The deadline of a wait passed. */
    DEADLINE,
    /** All children of a run that was handed off have ended. */
    CHILDREN_ENDED,
    /** The parent of the run was cancelled. */
    PARENT_CANCELLED,
    /** The process that had the run shut down. */
    SHUTDOWN;

    /** Returns the code on an event: {@code worker_lost}, {@code never_started} and so on. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
