package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void theLineAddsUp() {
        tally.add(Receipt.dispatched("run", ""));
        tally.add(Receipt.dispatched("approval", ""));
        tally.add(new Receipt(Receipt.Kind.REFUSED, "in_flight", ""));
        tally.add(Receipt.ignored("no_trigger", ""));
        tally.add(Receipt.ignored("no_trigger", ""));
        tally.add(Receipt.rejected("not_json", ""));
        tally.add(Receipt.failed("not_stored", ""));

        assertThat(tally.line())
                .isEqualTo("deliveries 7 = dispatched 2 (approval 1, run 1) + refused 1 (in_flight 1)"
                        + " + ignored 2 (no_trigger 2) + rejected 1 (not_json 1)"
                        + " + failed 1 (not_stored 1)");
    }

    @Test
    void nothingAddsUpToo() {
        assertThat(tally.line())
                .isEqualTo("deliveries 0 = dispatched 0 + refused 0 + ignored 0 + rejected 0 + failed 0");
    }

    @Test
    void manyThreadsAreCounted() {
        IntStream.range(0, 10_000).parallel().forEach(i -> tally.add(Receipt.ignored("no_trigger", "")));

        assertThat(tally.total()).isEqualTo(10_000);
    }
}
