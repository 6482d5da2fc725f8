package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventJson;
import dev.runledger.testkit.EventLines;
import dev.runledger.testkit.SampleEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the golden lines to the vocabulary; {@code -Dledger.docs=write} writes them anew. */
class GoldenLinesTest {
    private static final Path FILE = Path.of("..", "events.jsonl");

    @Test
    void theGoldenLinesAreTheVocabulary() throws IOException {
        List<String> lines = SampleEvents.all().stream().map(EventJson::write).toList();
        String content = String.join("\n", lines) + "\n";
        if ("write".equals(System.getProperty("ledger.docs"))) {
            Files.writeString(FILE, content);
        }
        assertThat(FILE).hasContent(content);
    }

    @Test
    void theKitHasTheFilesOfTheManual() throws IOException {
        assertThat(EventLines.golden()).isEqualTo(Files.readAllLines(FILE));
        assertThat(EventLines.schema()).isEqualTo(Files.readString(Path.of("..", "event.schema.json")));
    }
}
