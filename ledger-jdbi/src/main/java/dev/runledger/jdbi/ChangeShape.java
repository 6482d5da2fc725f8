package dev.runledger.jdbi;

import dev.runledger.state.RunCommand;
import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;

/**
 * The properties of a change of a run that decide by which statement it is made.
 *
 * @param command the entry of the state machine
 * @param checked whether an event of the same call may be there: it has an idempotency key, or an earlier attempt lost its answer
 * @param payload whether it brings a payload
 */
record ChangeShape(RunCommand command, boolean checked, boolean payload) {
    static ChangeShape of(RunChange change, boolean again) {
        boolean payload = change instanceof RunChange.Resume resume
                && resume.resumption().payload().isPresent();
        return new ChangeShape(change.command(), isChecked(change.head(), again), payload);
    }

    static boolean isChecked(StoreCommand.Head head, boolean again) {
        return again || head.idempotencyKey().isPresent();
    }
}
