package dev.runledger.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendMessagesTest {
    private static void put(ByteBuffer to, char type, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        to.put((byte) type).putInt(4 + bytes.length).put(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void messagesAreTheSameHoweverTheyAreCut(int size) {
        ByteBuffer stream = ByteBuffer.allocate(40_000);
        stream.put((byte) 'N'); // no encryption here
        put(stream, 'R', "\0\0\0\0");
        put(stream, 'S', "TimeZone\0UTC\0");
        put(stream, 'D', "x".repeat(20_000));
        put(stream, 'C', "COMMIT\0");
        put(stream, 'Z', "I");
        put(stream, 'Z', "T");
        stream.flip();
        BackendMessages messages = new BackendMessages();
        List<BackendMessages.Message> all = new ArrayList<>();
        while (stream.hasRemaining()) {
            byte[] chunk = new byte[Math.min(size, stream.remaining())];
            stream.get(chunk);
            all.addAll(messages.add(chunk, chunk.length));
        }
        assertThat(all)
                .extracting(message -> (char) message.bytes()[0])
                .containsExactly('N', 'R', 'S', 'D', 'C', 'Z', 'Z');
        assertThat(all).extracting(BackendMessages.Message::tag).containsExactly("", "", "", "", "COMMIT", "", "");
        assertThat(all).extracting(BackendMessages.Message::isIdle).endsWith(true, false);
    }
}
