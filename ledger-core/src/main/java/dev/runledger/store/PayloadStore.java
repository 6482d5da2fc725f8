package dev.runledger.store;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps the bodies of payloads that are too large for a row. The ledger calls it on the application's threads, concurrently. What it
 * throws reaches the caller, since a payload is part of the state.
 */
public interface PayloadStore {
    /**
     * Keeps a body.
     *
     * @param json the whole body, redacted
     * @param digest its digest: {@code sha-256:} and 64 hex digits
     * @return the reference to keep in the row; it begins with {@code res://}
     */
    String put(String json, String digest);

    /** Returns the body under this reference, or empty if there is none. */
    Optional<String> get(String reference);

    /**
     * Returns a store that keeps each body as a file in this folder, which it makes if it is missing. A body is written beside its place
     * and moved there, so that a crash leaves no half of it. The same body twice is one file.
     */
    static PayloadStore inFolder(Path folder) {
        return new FolderPayloadStore(folder);
    }
}
