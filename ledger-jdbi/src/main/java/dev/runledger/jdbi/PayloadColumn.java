package dev.runledger.jdbi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runledger.run.Payload;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A payload in its column: {@code {"size": 12, "json": {…}}} if it is whole, so that SQL can look into it, {@code "head"} if it is cut,
 * {@code "reference"} if it is kept elsewhere. The JSON is not changed by a single character.
 */
final class PayloadColumn {
    /** The most bytes that are read: the ledger does not store more, and what another program wrote must not fill the heap. */
    private static final int MOST_BYTES = 16 << 20;

    private PayloadColumn() {}

    static String write(Payload payload) {
        return Json.object(json -> {
            json.writeNumberField("size", payload.size());
            Json.text(json, "digest", payload.digest());
            Json.text(json, "reference", payload.reference());
            if (payload.truncated()) {
                Json.text(json, "head", payload.json());
            } else if (payload.json().isPresent()) {
                json.writeFieldName("json");
                json.writeRawValue(payload.json().get());
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
            return Payload.stored(head, reference, size, digest, true);
        }
        try {
            String whole = Json.raw(text, "json");
            if (whole == null && reference == null) {
                throw new IllegalArgumentException(column + " has neither json nor head nor reference");
            }
            return Payload.stored(whole, reference, size, digest, false);
        } catch (IOException broken) { // it was read a moment ago
            throw new IllegalStateException(broken);
        }
    }

    /** Returns the column for a select list. A value of more than {@link #MOST_BYTES} reads as an empty head with its size. */
    static String select(String column) {
        return "CASE WHEN octet_length({c}) <= %s THEN {c} WHEN {c} IS NOT NULL THEN '{\"head\":\"\",\"size\":' || octet_length({c}) || '}' END"
                .formatted(MOST_BYTES)
                .replace("{c}", column);
    }
}
