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
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Redacts payloads, and keeps those that are too large for a row elsewhere, or only their head. Keeps inputs as they are. */
final class Payloads {
    private static final int INPUT_LIMIT = 1 << 20;
    private static final String ENCRYPTED = "enc:";

    private final Sanitizer sanitizer;
    private final @Nullable PayloadStore store;
    private final PayloadStore.@Nullable Cipher cipher;

    Payloads(Sanitizer sanitizer, @Nullable PayloadStore store, PayloadStore.@Nullable Cipher cipher) {
        this.sanitizer = sanitizer;
        this.store = store;
        this.cipher = cipher;
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
        int limit = sanitizer.limits().payload();
        return sanitizer.payload(json).map(redacted -> keep(redacted, limit)).orElseGet(() -> headOf(json, limit));
    }

    /** Keeps what is no body that a parser takes: what cannot be redacted as JSON cannot be kept whole. */
    private Payload headOf(String json, int limit) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return Payload.stored(head(sanitizer.head(json), limit), null, bytes.length, digest(bytes), true);
    }

    private Payload keep(String redacted, int limit) {
        byte[] bytes = redacted.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= limit) {
            return Payload.stored(redacted, null, bytes.length, null, false);
        }
        String digest = digest(bytes);
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
            throw withoutStore("payload " + reference);
        }
        return store.get(reference);
    }

    /** Removes a body that nothing refers to any more, unless it was put again since then; returns whether there is a store to remove it from. */
    boolean remove(String reference, Instant unlessPutSince) {
        if (store != null) {
            store.remove(reference, unlessPutSince);
        }
        return store != null;
    }

    // ---- inputs

    /**
     * Returns an input as it is stored: exact, encrypted if there is a cipher, and by reference if it is too large for a row. JSON begins with
     * none of the letters that the other two begin with.
     */
    String keepInput(String json) {
        String text = cipher == null ? json : ENCRYPTED + base64(cipher.encrypt(json.getBytes(StandardCharsets.UTF_8)));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= INPUT_LIMIT) {
            return text;
        }
        if (store == null) {
            throw new IllegalArgumentException("input has %s bytes%s, expected at most %s, or a payload store for more"
                    .formatted(bytes.length, cipher == null ? "" : " when it is encrypted", INPUT_LIMIT));
        }
        return store.put(text, digest(bytes));
    }

    /** Returns an input that was stored as the application gave it. */
    String readInput(String stored) {
        String text = stored.startsWith(PayloadStore.REFERENCE) ? referred(stored) : stored;
        if (!text.startsWith(ENCRYPTED)) {
            return text;
        }
        if (cipher == null) {
            throw new IllegalStateException(
                    "the input is encrypted, and this ledger was built without a payload cipher");
        }
        byte[] encrypted = Base64.getDecoder().decode(text.substring(ENCRYPTED.length()));
        return new String(cipher.decrypt(encrypted), StandardCharsets.UTF_8);
    }

    private String referred(String reference) {
        if (store == null) {
            throw withoutStore("input " + reference);
        }
        return store.get(reference)
                .orElseThrow(() -> new IllegalStateException(
                        "input %s is not in the payload store: it was removed there".formatted(reference)));
    }

    private static IllegalStateException withoutStore(String what) {
        return new IllegalStateException(what + " is kept in a payload store, and this ledger was built without one");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Returns as many whole characters as fit into the bytes. */
    private static String head(String text, int limit) {
        ByteBuffer bytes = ByteBuffer.allocate(limit);
        CharBuffer chars = CharBuffer.wrap(text);
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
        encoder.encode(chars, bytes, true);
        return text.substring(0, chars.position());
    }

    private static String digest(byte[] bytes) {
        try {
            return "sha-256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }
}
