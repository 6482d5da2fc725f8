package com.example.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The manual's page of mutants, generated from what the suite printed. */
final class MutantsPage {
    private static final Path PAGE = Path.of("..", "..", "..", "docs", "mutants.md");

    private MutantsPage() {}

    /** The page is this; it is written first where that is asked for. */
    static void holds(List<Findings> all) throws IOException {
        String page = page(all);
        if ("write".equals(System.getProperty("ledger.docs"))) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).hasContent(page);
    }

    private static String page(List<Findings> all) {
        StringBuilder page = new StringBuilder("""
                # What the kit catches

                Generated from [the mutants](../checks/consumer/mutants) of [a service](../checks/consumer/imports) that is built against the installed artifacts and
                [tested with the kit](testing.md). Each of the %d does one thing wrong. The suite is run on each, and the named test fails by the
                named assertion, or by the breach in capitals that a strict test fails over; what else fails stands beside it. Nothing here
                was found by chance: a build in which a mutant passes, or fails for another reason, fails.

                | mutant | what is wrong | caught by | in the test | fails too |
                | --- | --- | --- | --- | --- |
                """.formatted(all.size()));
        for (Findings each : all) {
            Mutant mutant = each.mutant();
            page.append("| [%s](#%s) | %s | `%s` | `%s` | %s |\n"
                    .formatted(
                            mutant.id(),
                            mutant.id(),
                            mutant.wrong(),
                            mutant.caughtBy(),
                            mutant.test(),
                            each.others().stream()
                                    .map(other -> "`" + other + "`")
                                    .collect(Collectors.joining(", "))));
        }
        page.append("\nWhat each changes, and the first lines of what it makes the test print:\n");
        for (Findings each : all) {
            Mutant mutant = each.mutant();
            page.append("\n## %s\n\n```diff\n%s%s```\n\n```text\n%s\n```\n"
                    .formatted(
                            mutant.id(),
                            marked('-', mutant.find()),
                            marked('+', mutant.replacement()),
                            each.printed()));
        }
        return page.toString();
    }

    private static String marked(char sign, String text) {
        return text.lines()
                .map(line -> sign + " " + line.stripTrailing() + "\n")
                .collect(Collectors.joining());
    }
}
