package dev.runledger.trials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The deliveries that the webhook bot ships, many times over, each time of another repository and signed anew. */
final class Deliveries {
    private static final String SECRET = "sample-secret-of-the-shipped-deliveries";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<ObjectNode> shipped = new ArrayList<>();

    Deliveries(Path jar) throws IOException {
        try (FileSystem inside = FileSystems.newFileSystem(jar)) {
            for (String line : Files.readAllLines(inside.getPath("sample-deliveries.jsonl"))) {
                if (line.startsWith("{") && readable(line) instanceof ObjectNode delivery && delivery.has("payload")) {
                    shipped.add(delivery);
                }
            }
        }
    }

    private static JsonNode readable(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException broken) { // one of them is, on purpose
            return null;
        }
    }

    /** Writes the deliveries of that many repositories, which no other name has. */
    Path write(Path file, String name, int repositories) throws IOException {
        return Files.write(
                file,
                signed(SECRET, name, repositories).stream()
                        .map(ObjectNode::toString)
                        .toList());
    }

    /** Returns the deliveries of that many repositories, signed with this secret. */
    List<ObjectNode> signed(String secret, String name, int repositories) {
        List<ObjectNode> deliveries = new ArrayList<>();
        for (int i = 0; i < repositories; i++) {
            for (ObjectNode each : shipped) {
                ObjectNode copy = each.deepCopy();
                String own = name + "-" + i;
                String payload = each.get("payload").asText().replace("harbour/tides", "harbour/" + own);
                copy.put("payload", payload);
                copy.put("deliveryId", own + "-" + each.path("deliveryId").asText());
                copy.put("signature", "sha256=" + signature(secret, payload));
                deliveries.add(copy);
            }
        }
        return deliveries;
    }

    private static String signature(String secret, String payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(payload.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }
}
