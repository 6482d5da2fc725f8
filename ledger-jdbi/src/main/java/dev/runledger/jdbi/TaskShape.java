package dev.runledger.jdbi;

import dev.runledger.store.TaskChange;

/**
 * The properties of a change of a task that decide by which statement it is made.
 *
 * @param kind what changes
 * @param checked whether an event of the same call may be there: it has an idempotency key, or an earlier attempt lost its answer
 * @param payload whether it brings an input or an output
 */
record TaskShape(TaskChange.Kind kind, boolean checked, boolean payload) {
    static TaskShape of(TaskChange change, boolean again) {
        boolean payload = change instanceof TaskChange.Begin begin
                ? begin.request().input().isPresent()
                : change instanceof TaskChange.End end && end.result().output().isPresent();
        return new TaskShape(change.kind(), ChangeShape.isChecked(change.head(), again), payload);
    }
}
