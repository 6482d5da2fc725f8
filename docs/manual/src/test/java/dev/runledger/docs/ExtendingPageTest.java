package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.testkit.EventLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the pages on extending, checking and consuming with the code that they show, most of which is that of the examples. */
class ExtendingPageTest {
    private static final List<Path> SOURCES = List.of(
            Path.of("../../examples/own-store-and-sink/src"),
            Path.of("../../examples/webhook-bot/src"),
            Path.of("src/test/java"));

    @Test
    void aLineThatIsAnEvent() {
        String line = EventLines.golden().get(0);
        // snippet
        LedgerEvent event = EventLines.assertThatIsEvent(line);
        // end
        assertThat(event.type()).isEqualTo(WorkflowRunEvent.QUEUED);
        assertThat(EventLines.golden()).hasSize(21);
    }

    @Test
    void theSnippetsOfThePagesAreCodeThatRuns() throws IOException {
        assertThatItsSnippetsAreCode("extending.md", 8);
        assertThatItsSnippetsAreCode("rules.md", 1);
        assertThatItsSnippetsAreCode("consumers.md", 1);
    }

    private static void assertThatItsSnippetsAreCode(String page, int snippets) throws IOException {
        List<String> run = sources()
                .flatMap(source -> blocks("(?s)// snippet\n(.*?)// end", source))
                .toList();
        assertThat(blocks("(?s)```java\n(.*?)```", Files.readString(Path.of("..", page))))
                .as(page)
                .hasSize(snippets)
                .allSatisfy(snippet -> assertThat(run).contains(snippet));
    }

    private static Stream<String> sources() throws IOException {
        Stream<String> all = Stream.of();
        for (Path folder : SOURCES) {
            try (Stream<Path> files = Files.walk(folder)) {
                List<String> texts = files.filter(file -> file.toString().endsWith(".java"))
                        .map(ExtendingPageTest::read)
                        .toList();
                all = Stream.concat(all, texts.stream());
            }
        }
        return all;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Stream<String> blocks(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(block -> block.group(1).replaceAll("\\s+", ""));
    }
}
