package dev.runledger;

import dev.runledger.redact.Sanitizer;
import dev.runledger.run.Payload;
import dev.runledger.store.PayloadStore;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Redacts payloads, and keeps those that are too large for a row elsewhere, or only their head. */
final class Payloads {
    private final Sanitizer sanitizer;
    private final @Nullable PayloadStore store;

    Payloads(Sanitizer sanitizer, @Nullable PayloadStore store) {
        this.sanitizer = sanitizer;
        this.store = store;
    }

    /** Returns the payload as it is kept. */
    Payload keep(Payload payload) {
        if (payload.json().isEmpty()) {
            return payload;
        }
        String json = payload.json().get();
        String digest = payload.digest().orElse(null);
        if (payload.reference().isPresent()) { // it is kept there; a body beside it would be kept twice
            return Payload.stored(null, payload.reference().get(), payload.size(), digest, false);
        }
        if (payload.truncated()) { // as another ledger kept it, or as the application cut it
            String head = head(sanitizer.head(json), sanitizer.limits().payload());
            return Payload.stored(head, null, payload.size(), digest, true);
        }
        return keep(sanitizer.payload(json));
    }

    private Payload keep(String redacted) {
        byte[] bytes = redacted.getBytes(StandardCharsets.UTF_8);
        int limit = sanitizer.limits().payload();
        if (bytes.length <= limit) {
            return Payload.stored(redacted, null, bytes.length, null, false);
        }
        String digest = "sha-256:" + HexFormat.of().formatHex(sha256(bytes));
        return store != null
                ? Payload.stored(null, store.put(redacted, digest), bytes.length, digest, false)
                : Payload.stored(head(redacted, limit), null, bytes.length, digest, true);
    }

    /** Returns the whole body, from the row or from the payload store; empty if only the head was kept or the store lacks it. */
    Optional<String> read(Payload payload) {
        if (payload.truncated()) {
            return Optional.empty();
        }
        if (payload.reference().isEmpty()) {
            return payload.json();
        }
        String reference = payload.reference().get();
        if (store == null) {
            throw new IllegalStateException(
                    "payload %s is kept in a payload store, and this ledger was built without one"
                            .formatted(reference));
        }
        return store.get(reference);
    }

    /** Returns as many whole characters as fit into the bytes. */
    private static String head(String text, int limit) {
        ByteBuffer bytes = ByteBuffer.allocate(limit);
        CharBuffer chars = CharBuffer.wrap(text);
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
        encoder.encode(chars, bytes, true);
        return text.substring(0, chars.position());
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }
}
