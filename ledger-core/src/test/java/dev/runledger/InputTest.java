package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.event.LedgerEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.EventSink;
import dev.runledger.store.PayloadStore;
import dev.runledger.store.RunStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputTest {
    private static final String JSON = "{\"apiKey\": \"sk-live-0123456789abcdef0123456789abcdef\", \"pages\": [1, 2]}";
    private static final SecretKey KEY = new SecretKeySpec(new byte[32], "AES");

    private final List<LedgerEvent> events = new ArrayList<>();
    private final RunStore store = RunStore.inMemory();

    private Ledger.Builder builder() {
        return Ledger.builder().store(store).sink(EventSink.inline(events::add));
    }

    private static RunId dispatched(Ledger ledger, String input) {
        return ledger.dispatch(NewRun.of("review").input(input)).orElseThrow().id();
    }

    @Test
    void theHandlerGetsTheInputExactlyAsItWasGiven() {
        Ledger ledger = builder().build();
        List<Optional<String>> seen = new ArrayList<>();
        ledger.execute(dispatched(ledger, JSON), "w", scope -> {
                    seen.add(scope.input());
                    return RunOutcome.succeeded();
                })
                .orElseThrow();
        assertThat(seen).containsExactly(Optional.of(JSON));
        assertThat(events).extracting(LedgerEvent::toString).noneMatch(text -> text.contains("sk-live"));
        assertThat(events).extracting(event -> event.run().toString()).noneMatch(text -> text.contains("sk-live"));
    }

    @Test
    void anInputIsInNoTextOfTheRunThatHasIt() {
        NewRun run = NewRun.of("review").input(JSON);
        assertThat(run.toString()).doesNotContain("sk-live");
        assertThat(run.input()).contains(JSON);
        assertThat(run.withoutInput().input()).isEmpty();
    }

    @Test
    void aReplayHasTheInputOfItsOriginal() {
        Ledger ledger = builder().payloadCipher(PayloadStore.Cipher.aesGcm(KEY)).build();
        RunId original = dispatched(ledger, JSON);
        WorkflowRun again = ledger.replay(original).orElseThrow();
        assertThat(ledger.history().input(again.id())).contains(JSON);
    }

    @Test
    void withACipherTheStoreHoldsNoReadableInput() {
        Ledger ledger = builder().payloadCipher(PayloadStore.Cipher.aesGcm(KEY)).build();
        RunId id = dispatched(ledger, JSON);
        assertThat(store.history().input(id))
                .hasValueSatisfying(text -> assertThat(text).startsWith("enc:").doesNotContain("sk-live"));
        assertThat(store.history().input(dispatched(ledger, JSON)))
                .as("each has a nonce of its own")
                .isNotEqualTo(store.history().input(id));
        assertThat(ledger.history().input(id)).contains(JSON);
    }

    @Test
    void aLedgerWithoutTheCipherOrWithAnotherKeySaysSo() {
        RunId id = dispatched(
                builder().payloadCipher(PayloadStore.Cipher.aesGcm(KEY)).build(), JSON);
        assertThatThrownBy(() -> builder().build().history().input(id))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the input is encrypted, and this ledger was built without a payload cipher");
        SecretKey other = new SecretKeySpec(new byte[16], "AES");
        Ledger wrong =
                builder().payloadCipher(PayloadStore.Cipher.aesGcm(other)).build();
        assertThatThrownBy(() -> wrong.history().input(id))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot decrypt an input: it was encrypted with another key, or changed since");
    }

    @Test
    void anInputOfMoreThanOneMebibyteNeedsAPayloadStore(@TempDir Path folder) {
        String large = "\"" + "a".repeat(1 << 20) + "\"";
        assertThatThrownBy(() -> dispatched(builder().build(), large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("input has 1048578 bytes, expected at most 1048576, or a payload store for more");
        Ledger ledger = builder().payloadStore(PayloadStore.inFolder(folder)).build();
        RunId id = dispatched(ledger, large);
        assertThat(store.history().input(id))
                .hasValueSatisfying(
                        text -> assertThat(text).startsWith("res://").hasSizeLessThan(100));
        assertThat(ledger.history().input(id)).contains(large);
        assertThatThrownBy(() -> builder().build().history().input(id))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("built without one");
    }

    @Test
    void anInputThatNoDatabaseKeepsIsRefused() {
        assertThatThrownBy(() -> NewRun.of("review").input("\"a\u0000\""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("input has U+0000 at position 2, expected JSON");
        assertThatThrownBy(() -> NewRun.of("review").input("\"\uD83D\""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("input has U+D83D at position 1, expected JSON");
    }
}
