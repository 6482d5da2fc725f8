package dev.runledger.otel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds the page on traces to the names that are exported; {@code -Dledger.docs=write} writes its tables anew. */
class NamesTest {
    private static final Path PAGE = Path.of("../docs/traces.md");

    @Test
    void thePageHasTheTableOfSpans() throws Exception {
        List<String> rows = new ArrayList<>(List.of("| span | what it is |", "| --- | --- |"));
        for (SpanName span : SpanName.values()) {
            rows.add("| `%s` | %s |".formatted(span.spanName(), span.meaning()));
        }
        holdsTo("<!-- spans -->", rows);
    }

    @Test
    void thePageHasTheTableOfAttributes() throws Exception {
        List<String> rows = new ArrayList<>(List.of("| attribute | where | meaning |", "| --- | --- | --- |"));
        for (Attribute attribute : Attribute.values()) {
            rows.add("| `%s` | %s | %s |".formatted(attribute.key().getKey(), attribute.where(), attribute.meaning()));
        }
        holdsTo("<!-- attributes -->", rows);
    }

    @Test
    void thePageHasTheMetrics() throws Exception {
        assertThat(Files.readString(PAGE))
                .contains("| `" + CicdMetrics.DURATION + "` | histogram, s |")
                .contains("| `" + CicdMetrics.RUN_ERRORS + "` | counter |")
                .contains("| `" + CicdMetrics.SYSTEM_ERRORS + "` | counter |");
    }

    private static void holdsTo(String marker, List<String> rows) throws Exception {
        String table = marker + "\n\n" + String.join("\n", rows) + "\n\n";
        String page = Files.readString(PAGE);
        if ("write".equals(System.getProperty("ledger.docs"))) {
            int from = page.indexOf(marker);
            int to = page.indexOf("\n\n", from) + 2;
            if (page.startsWith("| ", to)) {
                to = page.indexOf("\n\n", to) + 2;
            }
            page = page.substring(0, from) + table + page.substring(to);
            Files.writeString(PAGE, page);
        }
        assertThat(page).contains(table);
    }
}
