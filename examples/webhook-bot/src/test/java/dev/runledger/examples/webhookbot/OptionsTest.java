package dev.runledger.examples.webhookbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static final Options.Runs BOTS = new Options.Runs(null, Duration.ofSeconds(30));
    private static final Options.Listeners NOBODY = new Options.Listeners(-1, null);

    @Test
    void nothingReplaysWhatIsShipped() throws Exception {
        assertThat(parse(null))
                .isEqualTo(new Options(
                        null, -1, Options.SAMPLE_SECRET, new Options.Capacity(2, 8, 1 << 20), BOTS, NOBODY, false));
    }

    @Test
    void everyOptionIsTaken() throws Exception {
        assertThat(parse(null, "--deliveries", "a.jsonl", "--serve", "0", "--secret", "s", "--workers", "3"))
                .isEqualTo(new Options(
                        Path.of("a.jsonl"), 0, "s", new Options.Capacity(3, 8, 1 << 20), BOTS, NOBODY, false));
        assertThat(parse(null, "--queue", "5", "--max-bytes", "9", "-h"))
                .isEqualTo(new Options(
                        null, -1, Options.SAMPLE_SECRET, new Options.Capacity(2, 5, 9), BOTS, NOBODY, true));
    }

    @Test
    void theOptionGoesBeforeTheEnvironment() throws Exception {
        assertThat(parse("outside").secret()).isEqualTo("outside");
        assertThat(parse("outside", "--secret", "inside").secret()).isEqualTo("inside");
    }

    @ParameterizedTest
    @CsvSource({"--workers, 0", "--workers, many", "--queue, -1", "--serve, 65536", "--max-bytes, 1.5"})
    void aWrongValueIsNamedWithWhatWasExpected(String option, String value) {
        assertThatThrownBy(() -> parse(null, option, value))
                .hasMessageContainingAll(option, "'" + value + "'", "expected a whole number");
    }

    @Test
    void aDatabaseIsAFileOrPostgres() throws Exception {
        assertThat(parse(null, "--db", "runs.db", "--lost-after", "5"))
                .extracting(Options::runs)
                .isEqualTo(new Options.Runs("runs.db", Duration.ofSeconds(5)));
        assertThat(parse(null, "--db", "jdbc:postgresql://localhost/bot").runs().database())
                .startsWith("jdbc:postgresql:");
        assertThatThrownBy(() -> parse(null, "--db", "jdbc:h2:mem:a"))
                .hasMessage("--db is 'jdbc:h2:mem:a', expected a file or jdbc:postgresql://...");
        assertThatThrownBy(() -> parse(null, "--lost-after", "0")).hasMessageContaining("--lost-after is '0'");
    }

    @Test
    void metricsHaveAPortAndTracesAnAddress() throws Exception {
        assertThat(parse(null, "--metrics", "9464", "--otlp", "http://localhost:4318")
                        .listeners())
                .isEqualTo(new Options.Listeners(9464, URI.create("http://localhost:4318")));
        assertThatThrownBy(() -> parse(null, "--otlp", "localhost:4318"))
                .hasMessage("--otlp is 'localhost:4318', expected an address such as http://localhost:4318");
        assertThatThrownBy(() -> parse(null, "--metrics", "all")).hasMessageContaining("--metrics is 'all'");
    }

    @Test
    void anUnknownOptionIsNamed() {
        assertThatThrownBy(() -> parse(null, "--nope")).hasMessageContaining("--nope");
        assertThatThrownBy(() -> parse(null, "--secret")).hasMessageContaining("--secret");
    }

    @Test
    void theSampleSecretNeverGuardsAPort() {
        assertThatThrownBy(() -> parse(null, "--serve", "8080")).hasMessageContaining("WEBHOOK_SECRET");
    }

    private static Options parse(String environment, String... arguments) throws Options.Wrong {
        return Options.parse(List.of(arguments), environment);
    }
}
