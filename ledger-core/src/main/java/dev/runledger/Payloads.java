package dev.runledger;

import dev.runledger.event.EventContract;
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
    private final EventContract contract;
    private final @Nullable PayloadStore store;

    Payloads(EventContract contract, @Nullable PayloadStore store) {
        this.contract = contract;
        this.store = store;
    }

    /** The payload as it is kept. */
    Payload keep(Payload payload) {
        String json = payload.json();
        if (json == null) {
            return payload;
        }
        if (payload.reference() != null) { // it is kept there; a body beside it would be kept twice
            return new Payload(null, payload.reference(), payload.size(), payload.digest(), false);
        }
        if (payload.truncated()) { // as another ledger kept it, or as the host cut it
            String head = head(contract.head(json), contract.limits().payload());
            return new Payload(head, null, payload.size(), payload.digest(), true);
        }
        String redacted = contract.payload(json);
        byte[] bytes = redacted.getBytes(StandardCharsets.UTF_8);
        int limit = contract.limits().payload();
        if (bytes.length <= limit) {
            return new Payload(redacted, null, bytes.length, null, false);
        }
        String digest = "sha-256:" + HexFormat.of().formatHex(sha256(bytes));
        if (store != null) {
            return new Payload(null, store.put(redacted, digest), bytes.length, digest, false);
        }
        return new Payload(head(redacted, limit), null, bytes.length, digest, true);
    }

    /** The whole body, from the row or from the payload store; empty where only the head was kept or the store lacks it. */
    Optional<String> read(Payload payload) {
        if (payload.truncated()) {
            return Optional.empty();
        }
        if (payload.reference() == null) {
            return Optional.ofNullable(payload.json());
        }
        if (store == null) {
            throw new IllegalStateException(
                    "payload %s is kept in a payload store, and this ledger was built without one"
                            .formatted(payload.reference()));
        }
        return store.get(payload.reference());
    }

    /** As many whole characters as fit into the bytes. */
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
