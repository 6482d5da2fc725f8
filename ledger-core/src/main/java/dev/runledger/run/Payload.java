package dev.runledger.run;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A body of JSON that travels with a run, for people to look at: what triggered it, what a task took or returned, what a callback
 * brought. Immutable.
 *
 * <p>An application makes one with {@link #json(String)}. The ledger redacts it. A body beyond the limit (16 KiB by default) is
 * kept in the {@code PayloadStore} under a {@code res://} reference, or as a truncated head if there is no such store.
 */
public final class Payload {
    private final @Nullable String json;
    private final @Nullable String reference;
    private final long size;
    private final @Nullable String digest;
    private final boolean truncated;

    private Payload(
            @Nullable String json, @Nullable String reference, long size, @Nullable String digest, boolean truncated) {
        if (json == null && reference == null) {
            throw new IllegalArgumentException(
                    "a payload has neither a JSON text nor a reference: expected one of them");
        }
        this.json = json;
        this.reference = reference;
        this.size = size;
        this.digest = digest;
        this.truncated = truncated;
    }

    /** Returns a body of JSON. The ledger checks that it is JSON, redacts and caps it when it takes it. */
    public static Payload json(String json) {
        return new Payload(Objects.requireNonNull(json, "json"), null, 0, null, false);
    }

    /**
     * Returns a payload as a store keeps it.
     *
     * @param json the JSON text, or only its head if {@code truncated}, or null if only a reference is kept
     * @param reference where the whole body is kept, or null
     * @param size the size of the whole redacted body in UTF-8 bytes
     * @param digest {@code sha-256:} and the hex digest of the whole redacted body if it is not kept here in full, else null
     * @param truncated whether {@code json} is only the head
     * @throws IllegalArgumentException if there is neither a text nor a reference
     */
    public static Payload stored(
            @Nullable String json, @Nullable String reference, long size, @Nullable String digest, boolean truncated) {
        return new Payload(json, reference, size, digest, truncated);
    }

    /** Returns the JSON text, or the head of it if the payload is truncated; empty if only a reference is kept. */
    public Optional<String> json() {
        return Optional.ofNullable(json);
    }

    /** Returns where the whole body is kept, if it is not kept here. */
    public Optional<String> reference() {
        return Optional.ofNullable(reference);
    }

    /** Returns the size of the whole redacted body in UTF-8 bytes; 0 if it is not known yet. */
    public long size() {
        return size;
    }

    /** Returns {@code sha-256:} and the hex digest of the whole redacted body, if it is not kept here in full. */
    public Optional<String> digest() {
        return Optional.ofNullable(digest);
    }

    /** Returns whether {@link #json()} is only the head of the body. */
    public boolean truncated() {
        return truncated;
    }

    private List<@Nullable Object> parts() {
        return Arrays.asList(json, reference, size, digest, truncated);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    /** Returns the size, the digest and the reference, and never the body. */
    @Override
    public String toString() {
        return "Payload[%s bytes%s%s%s]"
                .formatted(
                        size == 0 && json != null ? json.length() : size,
                        reference == null ? "" : ", " + reference,
                        digest == null ? "" : ", " + digest,
                        truncated ? ", truncated" : "");
    }
}
