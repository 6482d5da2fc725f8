package dev.runledger;

import dev.runledger.event.EventFields;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Options of a single call on a ledger. Immutable: each setter returns a copy. Every call takes them as an optional last argument. */
public final class CallOptions {
    private static final CallOptions NONE = new CallOptions(null, EventFields.of());

    private final @Nullable String idempotencyKey;
    private final EventFields customFields;

    private CallOptions(@Nullable String idempotencyKey, EventFields customFields) {
        this.idempotencyKey = idempotencyKey;
        this.customFields = customFields;
    }

    /** Returns the options of a call that was given none. */
    public static CallOptions none() {
        return NONE;
    }

    /** Returns options with this idempotency key. */
    public static CallOptions idempotencyKey(String idempotencyKey) {
        return NONE.withIdempotencyKey(idempotencyKey);
    }

    /** Returns options with these custom fields. */
    public static CallOptions customFields(EventFields customFields) {
        return NONE.withCustomFields(customFields);
    }

    /**
     * Returns the same options with an idempotency key of 1 to 200 characters: the same call with the same key is {@code AlreadyApplied}
     * and names the stored event, whatever came after. The key is unique in its run or task. A dispatch and the start of a task, which make
     * a run or a task, are known again by the id of what they make. Default: none.
     */
    public CallOptions withIdempotencyKey(String idempotencyKey) {
        return new CallOptions(Objects.requireNonNull(idempotencyKey, "idempotencyKey"), customFields);
    }

    /**
     * Returns the same options with custom fields for the event. The call throws an {@link IllegalArgumentException} if a name is not
     * free: the event contract or a log encoder owns it, or it is not a name. The fields must not be changed afterwards. Default: none.
     */
    public CallOptions withCustomFields(EventFields customFields) {
        return new CallOptions(idempotencyKey, Objects.requireNonNull(customFields, "customFields"));
    }

    /** Returns the idempotency key. */
    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(idempotencyKey);
    }

    /** Returns the custom fields. */
    public EventFields customFields() {
        return customFields;
    }
}
