package dev.runledger.jdbi;

import dev.runledger.store.RunChange;
import dev.runledger.store.StoreCommand;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a stored event says of the call that caused it, so that the same call is known when it is made again.
 *
 * @param seq the version that the call made
 * @param event the name of the event
 * @param idempotencyKey the caller's key, or null
 * @param callId the id of the very call
 * @param childRunId the child that the run was handed off to, or null
 */
record StoredCall(
        long seq,
        String event,
        @Nullable String idempotencyKey,
        String callId,
        @Nullable String childRunId) {
    /** Returns the latest of these calls that passes. */
    static Optional<StoredCall> latest(List<StoredCall> calls, Predicate<StoredCall> test) {
        return calls.stream().filter(test).reduce((earlier, later) -> later);
    }

    /** Returns whether this very call stored the event. */
    boolean isOf(StoreCommand<?> command) {
        return callId.equals(command.head().callId());
    }

    /** Returns whether the event is that of this hand-off, by the call, its idempotency key or its child. */
    boolean isSame(RunChange.HandOff change) {
        return isOf(change)
                || change.head()
                        .idempotencyKey()
                        .filter(key -> key.equals(idempotencyKey))
                        .isPresent()
                || change.childId().value().equals(childRunId);
    }
}
