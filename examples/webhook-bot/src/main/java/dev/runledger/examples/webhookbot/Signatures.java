package dev.runledger.examples.webhookbot;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs and checks bodies as GitHub does: {@code sha256=} and the hex of their HMAC-SHA256. */
final class Signatures {
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] secret;

    Signatures(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    String sign(String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }

    /** Compares in constant time, so that the time does not reveal how much was right. */
    boolean isRight(Delivery delivery) {
        byte[] right = sign(delivery.body()).getBytes(StandardCharsets.UTF_8);
        return delivery.signature() != null
                && MessageDigest.isEqual(right, delivery.signature().getBytes(StandardCharsets.UTF_8));
    }
}
