package dev.runledger.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Payloads as files that are named by their digest. */
final class FolderPayloadStore implements PayloadStore {
    private static final String DIGEST = "sha-256:";
    private static final String REFERENCE = "res://sha-256/";
    private static final int HEX_DIGITS = 64;

    private final Path folder;

    FolderPayloadStore(Path folder) {
        this.folder = folder.toAbsolutePath();
        try {
            Files.createDirectories(this.folder);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot make the payload folder " + this.folder, failed);
        }
    }

    @Override
    public String put(String json, String digest) {
        if (!digest.startsWith(DIGEST)) {
            throw new IllegalArgumentException("digest is '%s', expected sha-256: and 64 hex digits".formatted(digest));
        }
        String hex = checked(digest.substring(DIGEST.length()));
        Path file = folder.resolve(hex + ".json");
        try {
            if (!Files.exists(file)) {
                write(file, json);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot keep a payload in " + folder, failed);
        }
        return REFERENCE + hex;
    }

    private void write(Path file, String json) throws IOException {
        Path beside = Files.createTempFile(folder, "payload", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    @Override
    public Optional<String> get(String reference) {
        if (!reference.startsWith(REFERENCE)) {
            throw new IllegalArgumentException(
                    "reference is '%s', expected one that begins with %s".formatted(reference, REFERENCE));
        }
        String hex = checked(reference.substring(REFERENCE.length()));
        try {
            return Optional.of(Files.readString(folder.resolve(hex + ".json")));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read payload " + reference + " in " + folder, failed);
        }
    }

    /** Only hex digits reach the file system: a reference is text from a row, and could have been written by anybody. */
    private static String checked(String hex) {
        boolean good = hex.length() == HEX_DIGITS;
        for (int i = 0; good && i < HEX_DIGITS; i++) {
            char c = hex.charAt(i);
            good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        }
        if (!good) {
            throw new IllegalArgumentException("digest is '%s', expected 64 lower-case hex digits".formatted(hex));
        }
        return hex;
    }
}
