package dev.runledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read is what was kept, or it is refused. */
class FolderPayloadStoreTest {
    private static final String BODY = "{\"a\":1}";

    @TempDir
    private Path folder;

    private PayloadStore store;
    private String hex;
    private String reference;
    private Path file;

    @BeforeEach
    void keep() throws Exception {
        store = PayloadStore.inFolder(folder);
        hex = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(BODY.getBytes(StandardCharsets.UTF_8)));
        reference = store.put(BODY, "sha-256:" + hex);
        file = folder.resolve(hex + ".json");
    }

    @Test
    void aBodyIsReadAsItWasKept() {
        assertThat(reference).isEqualTo("res://sha-256/" + hex);
        assertThat(store.get(reference)).contains(BODY);
        assertThat(store.get("res://sha-256/" + "0".repeat(64))).isEmpty();
    }

    @Test
    void aBodyThatWasChangedIsRefusedByItsDigest() throws Exception {
        Files.writeString(file, "{\"a\":2}");
        assertThatThrownBy(() -> store.get(reference))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("payload %s was changed in %s", reference, folder)
                .hasMessageEndingWith("expected that of the reference")
                .hasMessageNotContaining("\"a\"");
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws Exception {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), BODY); // even if what is there fits
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere);
        assertThatThrownBy(() -> store.get(reference))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "payload %s is a symbolic link in %s, expected a file that this store wrote",
                        reference, folder);
    }

    @Test
    void theSameBodyAgainMendsWhatWasChanged() throws Exception {
        Files.writeString(file, "{\"a\":2}");
        store.put(BODY, "sha-256:" + hex);
        assertThat(store.get(reference)).contains(BODY);
        Files.delete(file);
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), BODY);
        Files.createSymbolicLink(file, elsewhere);
        store.put(BODY, "sha-256:" + hex);
        assertThat(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(store.get(reference)).contains(BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"res://tenant-b/secret", "file:///etc/passwd", "", "RES://sha-256/00"})
    void aReferenceThatThisStoreDidNotMakeIsRefused(String foreign) {
        assertThatThrownBy(() -> store.get(foreign))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "payload reference is '%s', expected one that this store made: res://sha-256/ and 64 hex digits",
                        foreign);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../etc/passwd", "00", "ZZ"})
    void onlyHexDigitsReachTheFileSystem(String name) {
        assertThatThrownBy(() -> store.get("res://sha-256/" + name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("digest is '%s', expected 64 lower-case hex digits", name);
    }
}
