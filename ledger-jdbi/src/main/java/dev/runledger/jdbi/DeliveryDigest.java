package dev.runledger.jdbi;

import dev.runledger.run.NewRun;
import dev.runledger.run.Target;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The key of a delivery that may be taken once: a digest of all that makes it one, which together can be too long for an index. */
final class DeliveryDigest {
    private DeliveryDigest() {}

    /** Returns the digest, or null if the run's delivery may be taken again. */
    static @Nullable String of(NewRun run) {
        if (!run.oncePerDelivery()) {
            return null;
        }
        MessageDigest digest = sha256();
        List<String> parts = List.of(
                run.deliveryId().orElse(""),
                run.project(),
                run.workflowName(),
                run.target().map(Target::value).orElse(""),
                run.channel().name());
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII)); // so that no two lists are alike
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }
}
