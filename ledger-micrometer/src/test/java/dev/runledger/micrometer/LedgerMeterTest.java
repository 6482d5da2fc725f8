package dev.runledger.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class LedgerMeterTest {
    private static final Path PAGE = Path.of("../docs/metrics.md");

    @Test
    void namesKeepTheirSuffixesUnderPrometheus() {
        for (LedgerMeter meter : LedgerMeter.values()) {
            assertThat(meter.meterName())
                    .matches("[a-z]+(\\.[a-z]+)+")
                    .doesNotEndWith("info")
                    .doesNotEndWith("total")
                    .doesNotEndWith("created")
                    .doesNotEndWith("bucket");
        }
        assertThat(LedgerMeter.values()).extracting(LedgerMeter::meterName).doesNotHaveDuplicates();
    }

    /** Writes the table anew with {@code -Dledger.docs=write}. */
    @Test
    void theManualHasTheTableOfThem() throws Exception {
        String page = Files.readString(PAGE);
        int from = page.indexOf("| meter |");
        int to = page.indexOf("\n\n", from);
        if ("write".equals(System.getProperty("ledger.docs"))) {
            page = page.substring(0, from) + table() + page.substring(to);
            Files.writeString(PAGE, page);
        }
        assertThat(page).contains(table());
    }

    private static String table() {
        List<String> rows = new ArrayList<>();
        rows.add("| meter | kind | tags | meaning |");
        rows.add("| --- | --- | --- | --- |");
        for (LedgerMeter meter : LedgerMeter.values()) {
            String unit = meter.unit().map(base -> ", " + base).orElse("");
            String tags = meter.tags().isEmpty() ? "" : "`" + String.join("`, `", meter.tags()) + "`";
            rows.add("| `%s` | %s%s | %s | %s |"
                    .formatted(
                            meter.meterName(),
                            meter.kind().name().toLowerCase(Locale.ROOT),
                            unit,
                            tags,
                            meter.meaning()));
        }
        return String.join("\n", rows);
    }
}
