package dev.runledger.run;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body of JSON that travels with a run: what triggered it, what a task was given or gave back, what a callback brought.
 *
 * <p>A host makes one with {@link #json(String)}. What is kept of it is redacted, and one beyond the limit (16 KiB by default)
 * is kept elsewhere under a {@code res://} reference or, without a {@code PayloadStore}, as a truncated head.
 *
 * @param json the JSON text; the head of it where {@code truncated}; null where only a reference is kept
 * @param reference where the whole body is kept, or null
 * @param size the size of the whole redacted body in UTF-8 bytes; 0 where it is not known yet
 * @param digest {@code sha-256:} and the hex digest of the whole redacted body where it is not kept in full here, else null
 * @param truncated whether {@code json} is only the head
 */
public record Payload(
        @Nullable String json,
        @Nullable String reference,
        long size,
        @Nullable String digest,
        boolean truncated) {
    /** Checks that there is a text or a reference. */
    public Payload {
        if (json == null && reference == null) {
            throw new IllegalArgumentException("a payload has a JSON text or a reference, got neither");
        }
    }

    /** A body of JSON that is yet to be redacted and capped. That it is JSON is checked when it is handed to the ledger. */
    public static Payload json(String json) {
        return new Payload(Objects.requireNonNull(json, "json"), null, 0, null, false);
    }
}
