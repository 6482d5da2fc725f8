package dev.runledger.run;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What made a run: a webhook, a schedule, a person, a parent run.
 *
 * @param name the kind of trigger, such as {@code issue_comment} or {@code nightly}; at most 128 characters
 * @param deliveryId the id under which the trigger was delivered, or null; at most 256 characters
 * @param actor who caused it, or null; at most 256 characters
 * @param details a few facts about it as JSON, or null
 * @param payload the whole body that came with it as JSON, or null; never part of a list of runs
 */
public record Trigger(
        String name,
        @Nullable String deliveryId,
        @Nullable String actor,
        @Nullable Payload details,
        @Nullable Payload payload) {
    /** Checks the names, throwing an {@link IllegalArgumentException} that names the one that does not fit. */
    public Trigger {
        Require.name("trigger", name, 128);
        Require.nullableName("deliveryId", deliveryId, 256);
        Require.nullableName("actor", actor, 256);
    }

    /** A trigger of this kind with nothing else known. */
    public static Trigger of(String name) {
        return new Trigger(name, null, null, null, null);
    }

    /** The same trigger, delivered under this id. */
    public Trigger deliveryId(String deliveryId) {
        return new Trigger(name, Objects.requireNonNull(deliveryId, "deliveryId"), actor, details, payload);
    }

    /** The same trigger, caused by this actor. */
    public Trigger actor(String actor) {
        return new Trigger(name, deliveryId, Objects.requireNonNull(actor, "actor"), details, payload);
    }

    /** The same trigger with a few facts about it. */
    public Trigger details(Payload details) {
        return new Trigger(name, deliveryId, actor, Objects.requireNonNull(details, "details"), payload);
    }

    /** The same trigger with the body that came with it. */
    public Trigger payload(Payload payload) {
        return new Trigger(name, deliveryId, actor, details, Objects.requireNonNull(payload, "payload"));
    }
}
