package dev.runledger.store;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps the bodies of payloads that are too large for a row. Called on the host's threads, concurrently; what it throws reaches
 * the caller, since a payload is part of the state.
 */
public interface PayloadStore {
    /**
     * Keeps a body.
     *
     * @param json the whole body, redacted
     * @param digest its digest: {@code sha-256:} and 64 hex digits
     * @return the reference to keep in the row, which begins with {@code res://}
     */
    String put(String json, String digest);

    /** The body kept under this reference, or empty where there is none. */
    Optional<String> get(String reference);

    /**
     * A store of one file a body in this folder, which is made where it is missing. A body is written beside and moved into place,
     * so that a crash leaves no half of one; the same body twice is one file.
     */
    static PayloadStore inFolder(Path folder) {
        return new FolderPayloadStore(folder);
    }
}
