package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
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
    void anEmptyFileHasNothing() throws IOException {
        assertThat(read("")).isEmpty();
    }

    private static List<Recorded> read(String singleQuoted) throws IOException {
        return DeliveryFile.read(new BufferedReader(new StringReader(singleQuoted.replace('\'', '"'))));
    }
}
