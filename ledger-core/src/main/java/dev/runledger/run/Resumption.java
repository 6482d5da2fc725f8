package dev.runledger.run;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What ended a wait: the decision, who made it, and what the callback brought.
 *
 * @param decision what was decided, such as {@code approved}, or null; at most 128 characters
 * @param actor who decided, or null; at most 256 characters
 * @param payload the body of the callback, or null
 * @param correlationKey the key of the wait that this answers, or null for the wait that stands
 * @param context what the context carriers captured where the run was resumed; empty until then
 */
public record Resumption(
        @Nullable String decision,
        @Nullable String actor,
        @Nullable Payload payload,
        @Nullable String correlationKey,
        Map<String, String> context) {
    /** Checks the names, throwing an {@link IllegalArgumentException} that names the one that does not fit. */
    public Resumption {
        Require.nullableName("decision", decision, 128);
        Require.nullableName("actor", actor, 256);
        Require.nullableName("correlationKey", correlationKey, 256);
        context = Map.copyOf(context);
    }

    /** A resumption of which nothing is known but that the wait is over. */
    public static Resumption of() {
        return new Resumption(null, null, null, null, Map.of());
    }

    /** A decision by an actor. */
    public static Resumption of(String decision, String actor) {
        return new Resumption(
                Objects.requireNonNull(decision, "decision"),
                Objects.requireNonNull(actor, "actor"),
                null,
                null,
                Map.of());
    }

    /** The same resumption with the body of the callback. */
    public Resumption payload(Payload payload) {
        return new Resumption(decision, actor, Objects.requireNonNull(payload, "payload"), correlationKey, context);
    }

    /** The same resumption for the wait with this key only: a run that waits for something else rejects it. */
    public Resumption correlationKey(String correlationKey) {
        return new Resumption(
                decision, actor, payload, Objects.requireNonNull(correlationKey, "correlationKey"), context);
    }

    /** The same resumption with what was captured where the run was resumed. */
    public Resumption context(Map<String, String> context) {
        return new Resumption(decision, actor, payload, correlationKey, context);
    }
}
