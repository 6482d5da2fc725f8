package dev.runledger.store;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** Encrypts by AES-GCM: a nonce, then the encrypted text with its tag. */
record AesGcmCipher(SecretKey key) implements PayloadStore.Cipher {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    AesGcmCipher {
        Objects.requireNonNull(key, "key");
        if (!key.getAlgorithm().equals("AES")) {
            throw new IllegalArgumentException("key is for %s, expected one for AES".formatted(key.getAlgorithm()));
        }
    }

    @Override
    public byte[] encrypt(byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] encrypted = run(Cipher.ENCRYPT_MODE, nonce, ByteBuffer.wrap(plain), "cannot encrypt an input");
        return ByteBuffer.allocate(NONCE_BYTES + encrypted.length)
                .put(nonce)
                .put(encrypted)
                .array();
    }

    @Override
    public byte[] decrypt(byte[] encrypted) {
        if (encrypted.length < NONCE_BYTES) {
            throw new IllegalArgumentException(
                    "an encrypted input has %s bytes, expected more than %s".formatted(encrypted.length, NONCE_BYTES));
        }
        ByteBuffer rest = ByteBuffer.wrap(encrypted);
        byte[] nonce = new byte[NONCE_BYTES];
        rest.get(nonce);
        return run(
                Cipher.DECRYPT_MODE,
                nonce,
                rest,
                "cannot decrypt an input: it was encrypted with another key, or changed since");
    }

    private byte[] run(int mode, byte[] nonce, ByteBuffer text, String failure) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            byte[] bytes = new byte[text.remaining()];
            text.get(bytes);
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failure, failed);
        }
    }

    /** Returns no part of the key. */
    @Override
    public String toString() {
        return "AesGcmCipher";
    }
}
