package dev.runledger.redact;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps texts that identify something different from each other, although their secrets are masked. A text that cannot stand as it is
 * becomes its masked form, {@code ~}, and the first 64 bits of an HMAC-SHA256 of the whole text, in hexadecimal digits.
 *
 * <p>The result stands as it is when it comes again. Thread-safe.
 */
final class IdentityDigest {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final char SEPARATOR = '~';
    private static final int DIGEST_BYTES = 8;
    private static final int SUFFIX = 1 + 2 * DIGEST_BYTES;

    /** By how much a masked form is shortened that would be masked again where it was cut. */
    private static final int STEP = 8;

    private final Redactor redactor;
    private final Supplier<byte[]> keys;
    private @Nullable SecretKeySpec key;

    /** Makes one for a redactor; the key is asked for when it is needed first. */
    IdentityDigest(Redactor redactor, Supplier<byte[]> keys) {
        this.redactor = redactor;
        this.keys = keys;
    }

    /** Returns a new key. */
    static byte[] newKey() {
        byte[] made = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(made);
        return made;
    }

    /** Returns whether a text stands as it is: it is short enough, and shows no secret or was made by {@link #of}. */
    boolean isKept(String text, int max) {
        if (text.length() > max) {
            return false;
        }
        if (redactor.isPlain(text)) {
            return true;
        }
        String safe = redactor.redactId(Text.clean(text, text.length()));
        return safe.equals(text) || isMade(text, safe);
    }

    /** Some shapes of a secret reach to the end of the text, and so over the digest behind their mask. */
    private static boolean isMade(String text, String safe) {
        int end = digestAt(text);
        if (end < 0) {
            return false;
        }
        boolean masked = safe.length() == end && text.startsWith(safe) && safe.endsWith(Redactor.MASK);
        return masked || (end == Redactor.MASK.length() && text.startsWith(Redactor.MASK));
    }

    /** Returns where the digest at the end of a text begins, with its separator; -1 if there is none. */
    static int digestAt(String text) {
        int at = text.length() - SUFFIX;
        if (at < 0 || text.charAt(at) != SEPARATOR) {
            return -1;
        }
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return -1;
            }
        }
        return at;
    }

    /** Returns the masked form of a text and its digest, at most {@code max} characters. What is cut is the masked form. */
    String of(String text, int max) {
        String suffix = SEPARATOR + digest(text);
        int room = max - SUFFIX;
        boolean whole = text.length() <= 2 * max;
        String masked = redactor.redactId(Text.clean(text, 2 * max));
        if (whole && masked.length() <= room && isKept(masked + suffix, max)) {
            return masked + suffix;
        }
        for (int end = Math.min(room, masked.length()); end > 1; end -= STEP) {
            String shorter = Sanitizer.cut(masked, end, !whole) + suffix;
            if (isKept(shorter, max)) {
                return shorter;
            }
        }
        return Redactor.MASK + suffix;
    }

    /** Takes the characters and not their UTF-8, in which all halves of surrogate pairs would be one. */
    private String digest(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * text.length());
        bytes.asCharBuffer().put(text);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key());
            return HexFormat.of().formatHex(mac.doFinal(bytes.array()), 0, DIGEST_BYTES);
        } catch (GeneralSecurityException impossible) { // every Java platform has it
            throw new IllegalStateException(ALGORITHM + " is missing", impossible);
        }
    }

    private synchronized SecretKeySpec key() {
        SecretKeySpec known = key;
        if (known == null) {
            byte[] bytes = keys.get();
            if (bytes.length < KEY_BYTES) {
                throw new IllegalStateException(
                        "the identity key has %s bytes, expected %s".formatted(bytes.length, KEY_BYTES));
            }
            known = new SecretKeySpec(bytes, ALGORITHM);
            key = known;
        }
        return known;
    }
}
