package dev.runledger.store;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * Keeps the bodies of payloads that are too large for a row. The ledger calls it on the application's threads, concurrently. What it
 * throws reaches the caller, since a payload is part of the state.
 */
public interface PayloadStore {
    /** With what each reference begins. */
    String REFERENCE = "res://";

    /**
     * Keeps a body.
     *
     * @param json the whole body, redacted
     * @param digest its digest: {@code sha-256:} and 64 hex digits
     * @return the reference to keep in the row: {@code res://} and printable ASCII without a quote, at most 500 characters
     */
    String put(String json, String digest);

    /** Returns the body under this reference, or empty if there is none. */
    Optional<String> get(String reference);

    /**
     * Removes the body under this reference, unless it was put again since then: another run may have brought the same. Does nothing if there
     * is none.
     *
     * @param unlessPutSince a time by the clock of this process, shortly before nothing referred to the body any more
     */
    void remove(String reference, Instant unlessPutSince);

    /**
     * Returns a store that keeps each body as a file in this folder, which it makes if it is missing. A body is written beside its place
     * and moved there, so that a crash leaves no half of it. The same body twice is one file. It follows no links; a body that was
     * changed since, or a reference that the store did not make, is refused when it is read.
     */
    static PayloadStore inFolder(Path folder) {
        return new FolderPayloadStore(folder);
    }

    /**
     * Encrypts inputs before they are stored, and decrypts them for the handler. The ledger calls it on the application's threads,
     * concurrently. What it throws reaches the caller.
     */
    interface Cipher {
        /** Returns these bytes encrypted. */
        byte[] encrypt(byte[] plain);

        /** Returns the bytes that were encrypted; throws if they were not encrypted by this cipher, or were changed since. */
        byte[] decrypt(byte[] encrypted);

        /**
         * Returns a cipher by AES in Galois/Counter Mode, with a new random nonce of 12 bytes before each encrypted text and a tag of 128 bits
         * (NIST SP 800-38D). The nonce is random, so a key is good for 2<sup>32</sup> inputs.
         *
         * @param key an AES key of 128, 192 or 256 bits
         */
        static Cipher aesGcm(SecretKey key) {
            return new AesGcmCipher(key);
        }
    }
}
