package dev.runledger.run;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what made a run: a webhook, a schedule, a person, a parent run. Immutable: each setter returns a copy. */
public final class Trigger {
    private final String name;
    private final @Nullable String deliveryId;
    private final @Nullable String actor;
    private final @Nullable Payload details;
    private final @Nullable Payload payload;

    private Trigger(
            String name,
            @Nullable String deliveryId,
            @Nullable String actor,
            @Nullable Payload details,
            @Nullable Payload payload) {
        this.name = Require.name("trigger", name, 128);
        this.deliveryId = Require.nullableName("deliveryId", deliveryId, 256);
        this.actor = Require.nullableName("actor", actor, 256);
        this.details = details;
        this.payload = payload;
    }

    /** Returns a trigger of this kind, such as {@code issue_comment} or {@code nightly}; at most 128 characters. */
    public static Trigger of(String name) {
        return new Trigger(name, null, null, null, null);
    }

    /** Returns the same trigger, delivered under this id of at most 256 characters. Default: none. */
    public Trigger deliveryId(String deliveryId) {
        return new Trigger(name, Objects.requireNonNull(deliveryId, "deliveryId"), actor, details, payload);
    }

    /** Returns the same trigger, caused by this actor; at most 256 characters. Default: nobody is named. */
    public Trigger actor(String actor) {
        return new Trigger(name, deliveryId, Objects.requireNonNull(actor, "actor"), details, payload);
    }

    /** Returns the same trigger with a few facts about it. Default: none. */
    public Trigger details(Payload details) {
        return new Trigger(name, deliveryId, actor, Objects.requireNonNull(details, "details"), payload);
    }

    /** Returns the same trigger with the body that came with it, which no list of runs shows. Default: none. */
    public Trigger payload(Payload payload) {
        return new Trigger(name, deliveryId, actor, details, Objects.requireNonNull(payload, "payload"));
    }

    /** Returns the same trigger without the body that came with it. */
    public Trigger withoutPayload() {
        return payload == null ? this : new Trigger(name, deliveryId, actor, details, null);
    }

    /** Returns the kind of trigger. */
    public String name() {
        return name;
    }

    /** Returns the id under which it was delivered. */
    public Optional<String> deliveryId() {
        return Optional.ofNullable(deliveryId);
    }

    /** Returns who caused it. */
    public Optional<String> actor() {
        return Optional.ofNullable(actor);
    }

    /** Returns a few facts about it. */
    public Optional<Payload> details() {
        return Optional.ofNullable(details);
    }

    /** Returns the body that came with it. */
    public Optional<Payload> payload() {
        return Optional.ofNullable(payload);
    }

    private List<@Nullable Object> parts() {
        return Arrays.asList(name, deliveryId, actor, details, payload);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Trigger that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    /** Returns ids, sizes and references: no text of a caller and no body. */
    @Override
    public String toString() {
        return "Trigger[name %s, delivery %s, actor %s, details %s, payload %s]"
                .formatted(Require.size(name), Require.size(deliveryId), Require.size(actor), details, payload);
    }
}
