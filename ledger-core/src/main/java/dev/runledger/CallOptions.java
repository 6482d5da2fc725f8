package dev.runledger;

import dev.runledger.event.EventFields;
import dev.runledger.run.Recovery;
import dev.runledger.store.StoreCommand.Head;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Options of a single call on a ledger. Immutable: each setter returns a copy. Every call takes them as an optional last argument. */
public final class CallOptions {
    private static final CallOptions NONE = new CallOptions();

    private @Nullable String idempotencyKey;
    private @Nullable String actor;
    private @Nullable Recovery recovered;
    private @Nullable String expectedClaim;
    private @Nullable Long expectedSeq;
    private EventFields customFields = EventFields.of();

    private CallOptions() {}

    private CallOptions with(Consumer<CallOptions> change) {
        CallOptions copy = new CallOptions();
        copy.idempotencyKey = idempotencyKey;
        copy.actor = actor;
        copy.recovered = recovered;
        copy.expectedClaim = expectedClaim;
        copy.expectedSeq = expectedSeq;
        copy.customFields = customFields;
        change.accept(copy);
        return copy;
    }

    /** Returns the options of a call that was given none. */
    public static CallOptions none() {
        return NONE;
    }

    /** Returns options with this idempotency key. */
    public static CallOptions idempotencyKey(String idempotencyKey) {
        return NONE.withIdempotencyKey(idempotencyKey);
    }

    /** Returns options with this actor. */
    public static CallOptions actor(String actor) {
        return NONE.withActor(actor);
    }

    /** Returns options with this claim token. */
    public static CallOptions expectedClaim(String claimToken) {
        return NONE.withExpectedClaim(claimToken);
    }

    /** Returns options with this version. */
    public static CallOptions expectedSeq(long seq) {
        return NONE.withExpectedSeq(seq);
    }

    /** Returns options with these custom fields. */
    public static CallOptions customFields(EventFields customFields) {
        return NONE.withCustomFields(customFields);
    }

    /**
     * Returns the same options with an idempotency key of 1 to 200 characters. The key is unique in its run or task. The same call with the
     * same key is {@code AlreadyApplied} and names the stored event, whatever came after. Another call with the key is {@code Rejected}, as is
     * one that decides otherwise: another decision of a resume, another child of a hand-off, another code or correlation key of a wait.
     * Texts, errors, payloads, custom fields and workers are not compared. A dispatch and the start of a task, which make a run or a task,
     * are known again by the id of what they make. Default: none.
     */
    public CallOptions withIdempotencyKey(String idempotencyKey) {
        Objects.requireNonNull(idempotencyKey, "idempotencyKey");
        return with(copy -> copy.idempotencyKey = idempotencyKey);
    }

    /**
     * Returns the same options with the person or program behind the call, of 1 to 256 characters, for events that can name one: queued,
     * resumed, requeued, cancelled. Default: nobody is named.
     */
    public CallOptions withActor(String actor) {
        Objects.requireNonNull(actor, "actor");
        if (actor.isBlank() || actor.length() > 256) {
            throw new IllegalArgumentException(
                    "actor has %s characters, expected 1 to 256 that are not all blank".formatted(actor.length()));
        }
        return with(copy -> copy.actor = actor);
    }

    /**
     * Returns the same options for a call by which a recovery, and not the code that works on the run, changes it; the event says so in {@code
     * recovered}. Default: it is no recovery.
     */
    public CallOptions withRecovered(Recovery recovered) {
        return with(copy -> copy.recovered = Objects.requireNonNull(recovered, "recovered"));
    }

    /**
     * Returns the same options for a change of a run that is applied only while the start or claim with this token has the run, and is
     * rejected otherwise. {@code WorkflowRun.claimToken()} is the token, on the run that a start or claim returned. Default: any claim.
     */
    public CallOptions withExpectedClaim(String claimToken) {
        Objects.requireNonNull(claimToken, "claimToken");
        return with(copy -> copy.expectedClaim = claimToken);
    }

    /**
     * Returns the same options for a change of a run that is applied only if the run still is at this version, and is rejected otherwise:
     * for a caller that read the run and decided. Default: any version.
     */
    public CallOptions withExpectedSeq(long seq) {
        return with(copy -> copy.expectedSeq = seq);
    }

    /**
     * Returns the same options with custom fields for the event. The call throws an {@link IllegalArgumentException} if a name is not
     * free: the event contract or a log encoder owns it, or it is not a name. The fields must not be changed afterwards. Default: none.
     */
    public CallOptions withCustomFields(EventFields customFields) {
        Objects.requireNonNull(customFields, "customFields");
        return with(copy -> copy.customFields = customFields);
    }

    /** Returns the idempotency key. */
    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(idempotencyKey);
    }

    /** Returns who is behind the call. */
    public Optional<String> actor() {
        return Optional.ofNullable(actor);
    }

    /** Returns which recovery makes the call. */
    public Optional<Recovery> recovered() {
        return Optional.ofNullable(recovered);
    }

    /** Returns the token of the claim that has to have the run. */
    public Optional<String> expectedClaim() {
        return Optional.ofNullable(expectedClaim);
    }

    /** Returns the version that the run has to have. */
    public OptionalLong expectedSeq() {
        return expectedSeq == null ? OptionalLong.empty() : OptionalLong.of(expectedSeq);
    }

    /** Returns the custom fields. */
    public EventFields customFields() {
        return customFields;
    }

    /** Returns the head of a new command with these options. */
    static Head headOf(CallOptions options) {
        Objects.requireNonNull(options, "options");
        Head head = Head.of(options.idempotencyKey, options.customFields);
        head = options.actor == null ? head : head.actor(options.actor);
        head = options.recovered == null ? head : head.recovered(options.recovered);
        return options.expectedClaim == null && options.expectedSeq == null
                ? head
                : head.expectedClaim(options.expectedClaim).expectedSeq(options.expectedSeq);
    }
}
