package dev.runledger.jdbi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runledger.run.Payload;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A payload in its column: {@code {"size": 12, "json": {…}}} where it is whole, so that SQL can look into it, {@code "head"} where
 * it is cut, {@code "reference"} where it is kept elsewhere. The JSON stands as it came, to the character.
 */
final class PayloadColumn {
    /** Nobody can have stored more than this through the ledger in earnest; what somebody else did must not fill the heap. */
    private static final int MOST_BYTES = 16 << 20;

    private PayloadColumn() {}

    static @Nullable String write(@Nullable Payload payload) {
        if (payload == null) {
            return null;
        }
        return Json.object(json -> {
            json.writeNumberField("size", payload.size());
            Json.text(json, "digest", payload.digest());
            Json.text(json, "reference", payload.reference());
            if (payload.truncated()) {
                Json.text(json, "head", payload.json());
            } else if (payload.json() != null) {
                json.writeFieldName("json");
                json.writeRawValue(payload.json());
            }
        });
    }

    static @Nullable Payload read(String column, @Nullable String text) {
        if (text == null) {
            return null;
        }
        JsonNode object = Json.read(column, text);
        String head = Json.text(object, "head");
        long size = object.path("size").asLong();
        String digest = Json.text(object, "digest");
        String reference = Json.text(object, "reference");
        if (head != null) {
            return new Payload(head, reference, size, digest, true);
        }
        try {
            String whole = Json.raw(text, "json");
            if (whole == null && reference == null) {
                throw new IllegalArgumentException(column + " has neither json nor head nor reference");
            }
            return new Payload(whole, reference, size, digest, false);
        } catch (IOException broken) { // it was read a moment ago
            throw new IllegalStateException(broken);
        }
    }

    /** The column in a select list, or in its stead an empty head that tells the size, where somebody stored a monster. */
    static String select(String column) {
        return "CASE WHEN octet_length({c}) <= %d THEN {c} WHEN {c} IS NOT NULL THEN '{\"head\":\"\",\"size\":' || octet_length({c}) || '}' END"
                .formatted(MOST_BYTES)
                .replace("{c}", column);
    }
}
