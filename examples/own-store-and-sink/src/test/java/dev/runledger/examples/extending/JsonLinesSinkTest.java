package dev.runledger.examples.extending;

import dev.runledger.event.LedgerEvent;
import dev.runledger.testkit.EventLines;
import dev.runledger.testkit.EventSinkContract;
import dev.runledger.testkit.TestedSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

// snippet
class JsonLinesSinkTest extends EventSinkContract {
    @TempDir
    private Path folder;

    @Override
    protected TestedSink newSink() throws IOException {
        Path file = Files.createTempFile(folder, "events", ".jsonl");
        return TestedSink.withFields(new JsonLinesSink(file), () -> fields(file));
    }

    private static List<Map<String, Object>> fields(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(EventLines::assertThatIsEvent)
                    .map(LedgerEvent::fields)
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
// end
