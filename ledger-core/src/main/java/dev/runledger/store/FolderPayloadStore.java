package dev.runledger.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** Payloads as files that are named by their digest. */
final class FolderPayloadStore implements PayloadStore {
    private static final String DIGEST = "sha-256:";
    private static final String PLACE = PayloadStore.REFERENCE + "sha-256/";
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
        Path file = file(hex);
        try {
            if (isKept(file, hex)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now())); // so that nobody removes it now
            } else {
                write(file, json);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot keep a payload in " + folder, failed);
        }
        return PLACE + hex;
    }

    /** Returns whether the body is there. A file that was changed, or is no file, is replaced. */
    private static boolean isKept(Path file, String hex) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && sha256(read(file)).equals(hex);
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
        String hex = hex(reference);
        Path file = file(hex);
        try {
            if (Files.isSymbolicLink(file)) {
                throw new IllegalStateException(
                        "payload %s is a symbolic link in %s, expected a file that this store wrote"
                                .formatted(reference, folder));
            }
            byte[] body = read(file);
            String found = sha256(body);
            if (!found.equals(hex)) {
                throw new IllegalStateException(
                        "payload %s was changed in %s: its file has digest sha-256:%s, expected that of the reference"
                                .formatted(reference, folder, found));
            }
            return Optional.of(new String(body, StandardCharsets.UTF_8));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read payload " + reference + " in " + folder, failed);
        }
    }

    @Override
    public void remove(String reference, Instant unlessPutSince) {
        Path file = file(hex(reference));
        try {
            Instant put =
                    Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
            if (put.isBefore(unlessPutSince)) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException absent) {
            // as it should be
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot remove payload " + reference + " in " + folder, failed);
        }
    }

    private Path file(String hex) {
        return folder.resolve(hex + ".json");
    }

    private static String hex(String reference) {
        if (!reference.startsWith(PLACE)) {
            throw new IllegalArgumentException(
                    "payload reference is '%.128s', expected one that this store made: %s and 64 hex digits"
                            .formatted(reference, PLACE));
        }
        return checked(reference.substring(PLACE.length()));
    }

    /** Reads a file, and follows no link that was put there meanwhile. */
    private static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readAllBytes();
        }
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
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
