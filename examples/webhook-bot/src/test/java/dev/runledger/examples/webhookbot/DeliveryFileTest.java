package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryFileTest {
    @Test
    void textIsTheExactBodyThatWasSigned() throws IOException {
        assertThat(read("{'event': 'star', 'deliveryId': 'd-1', 'signature': 'sha256=0', 'payload': '{ }'}"))
                .containsExactly(new Delivery("star", "d-1", "{ }", "sha256=0", true));
    }

    @Test
    void anObjectIsItsCompactForm() throws IOException {
        assertThat(read("{'event': 'star', 'deliveryId': 'd-1', 'payload': {'a': 1}}"))
                .containsExactly(new Delivery("star", "d-1", "{\"a\":1}", null, true));
    }

    @Test
    void aBrokenLineIsCountedAndTheRestGoOn() throws IOException {
        String good = "{'event': 'star', 'deliveryId': 'd-1', 'payload': '{}'}";

        assertThat(read("oops\n\n{'event': 'star', 'payload': '{}'}\n{'event': 'star', 'deliveryId': 'd-1'}\n" + good))
                .containsExactly(
                        new Recorded.BrokenLine(1),
                        new Recorded.BrokenLine(3),
                        new Recorded.BrokenLine(4),
                        new Delivery("star", "d-1", "{}", null, true));
    }

    @Test
    void examplesAreReplayedAsUnsigned() throws IOException {
        assertThat(read("[{'name': 'star', 'examples': [{'a': 1}, {}]}, {'name': 'fork', 'examples': [{}]}]"))
                .containsExactly(
                        new Delivery("star", "star/0", "{\"a\":1}", null, false),
                        new Delivery("star", "star/1", "{}", null, false),
                        new Delivery("fork", "fork/0", "{}", null, false));
    }

    @Test
    void blanksAndAByteOrderMarkDecideNothing() throws IOException {
        assertThat(read("\uFEFF \n\t[{'name': 'star', 'examples': [{}]}]"))
                .containsExactly(new Delivery("star", "star/0", "{}", null, false));
        assertThat(read("\uFEFF\n{'event': 'star', 'deliveryId': 'd-1', 'payload': '{}'}"))
                .containsExactly(new Delivery("star", "d-1", "{}", null, true));
    }

    @Test
    void aByteThatIsNoTextCostsItsLineOnly() throws IOException {
        String lines = "\u00FF\n{'event': 'star', 'deliveryId': 'd-1', 'payload': '{}'}".replace('\'', '"');

        assertThat(read(lines.getBytes(StandardCharsets.ISO_8859_1)))
                .containsExactly(new Recorded.BrokenLine(1), new Delivery("star", "d-1", "{}", null, true));
    }

    @Test
    void anArrayThatBreaksOffKeepsWhatCameBefore() throws IOException {
        Delivery star = new Delivery("star", "star/0", "{}", null, false);

        assertThat(read("[{'name': 'star', 'examples': [{}]},\n{'name': 'fork', 'exam"))
                .containsExactly(star, new Recorded.BrokenLine(2));
        assertThat(read("[{'examples': [{}]},\n{'name': 'star', 'examples': [{}]}]"))
                .containsExactly(new Recorded.BrokenLine(1), star);
    }

    @Test
    void anEmptyFileHasNothing() throws IOException {
        assertThat(read("")).isEmpty();
    }

    private static List<Recorded> read(String singleQuoted) throws IOException {
        return read(singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static List<Recorded> read(byte[] bytes) throws IOException {
        return DeliveryFile.read(new ByteArrayInputStream(bytes));
    }
}
