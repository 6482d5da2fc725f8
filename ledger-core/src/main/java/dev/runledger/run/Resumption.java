package dev.runledger.run;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what ended a wait: the decision, who made it, and what the callback brought. Immutable: each setter returns a copy. */
public final class Resumption {
    private static final Resumption PLAIN = new Resumption(null, null, null, null, Map.of());

    private final @Nullable String decision;
    private final @Nullable String actor;
    private final @Nullable Payload payload;
    private final @Nullable String correlationKey;
    private final Map<String, String> context;

    private Resumption(
            @Nullable String decision,
            @Nullable String actor,
            @Nullable Payload payload,
            @Nullable String correlationKey,
            Map<String, String> context) {
        this.decision = Require.nullableName("decision", decision, 128);
        this.actor = Require.nullableName("actor", actor, 256);
        this.payload = payload;
        this.correlationKey = Require.nullableName("correlationKey", correlationKey, 256);
        this.context = Map.copyOf(Objects.requireNonNull(context, "context"));
    }

    /** Returns a resumption that says no more than that the wait is over. */
    public static Resumption of() {
        return PLAIN;
    }

    /**
     * Returns a decision by an actor.
     *
     * @throws IllegalArgumentException if the decision is longer than 128 characters or the actor longer than 256, or one has
     *     characters that do not fit
     */
    public static Resumption of(String decision, String actor) {
        return PLAIN.decision(decision).actor(actor);
    }

    /** Returns the same resumption with this decision, such as {@code approved}; at most 128 characters. Default: none. */
    public Resumption decision(String decision) {
        return new Resumption(Objects.requireNonNull(decision, "decision"), actor, payload, correlationKey, context);
    }

    /** Returns the same resumption by this actor; at most 256 characters. Default: nobody is named. */
    public Resumption actor(String actor) {
        return new Resumption(decision, Objects.requireNonNull(actor, "actor"), payload, correlationKey, context);
    }

    /** Returns the same resumption with the body of the callback. Default: none. */
    public Resumption payload(Payload payload) {
        return new Resumption(decision, actor, Objects.requireNonNull(payload, "payload"), correlationKey, context);
    }

    /** Returns the same resumption for the wait with this key only: a run that waits for something else rejects it. Default: any wait. */
    public Resumption correlationKey(String correlationKey) {
        return new Resumption(
                decision, actor, payload, Objects.requireNonNull(correlationKey, "correlationKey"), context);
    }

    /** Returns the same resumption with what the context carriers captured where the run was resumed. The ledger sets it. */
    public Resumption context(Map<String, String> context) {
        return new Resumption(decision, actor, payload, correlationKey, context);
    }

    /** Returns the same resumption without the body of the callback, as it stands in a list. */
    public Resumption withoutPayload() {
        return payload == null ? this : new Resumption(decision, actor, null, correlationKey, context);
    }

    /** Returns the decision. */
    public Optional<String> decision() {
        return Optional.ofNullable(decision);
    }

    /** Returns who decided. */
    public Optional<String> actor() {
        return Optional.ofNullable(actor);
    }

    /** Returns the body of the callback. */
    public Optional<Payload> payload() {
        return Optional.ofNullable(payload);
    }

    /** Returns the key of the wait that this answers; empty for the wait that stands, whatever its key. */
    public Optional<String> correlationKey() {
        return Optional.ofNullable(correlationKey);
    }

    /** Returns what the context carriers captured where the run was resumed. */
    public Map<String, String> context() {
        return context;
    }

    private List<@Nullable Object> parts() {
        return Arrays.asList(decision, actor, payload, correlationKey, context);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Resumption that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    /** Returns ids, sizes and references: no text of a caller and no body. */
    @Override
    public String toString() {
        return "Resumption[decision %s, actor %s, key %s, payload %s]"
                .formatted(Require.size(decision), Require.size(actor), Require.size(correlationKey), payload);
    }
}
