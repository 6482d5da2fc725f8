package dev.runledger.redact;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads the lists of harmless texts and of secrets. A line that begins with a number sign and a blank is a comment. */
final class ListedTexts {
    /**
     * A text with a secret in it.
     *
     * @param text the text as an application has it
     * @param secrets the parts of it that must not be readable
     */
    record Secret(String text, List<String> secrets) {
        static Secret of(String entry) {
            List<String> secrets = new ArrayList<>();
            int to = 0;
            for (int from = entry.indexOf('‹'); from >= 0; from = entry.indexOf('‹', to)) {
                to = entry.indexOf('›', from);
                secrets.add(entry.substring(from + 1, to));
            }
            return new Secret(entry.replace("‹", "").replace("›", ""), List.copyOf(secrets));
        }

        boolean isReadableIn(String shown) {
            return secrets.stream().anyMatch(shown::contains);
        }
    }

    private ListedTexts() {}

    static List<String> harmless() {
        return lines("harmless.txt");
    }

    static List<String> harmlessNames() {
        return lines("harmless-names.txt");
    }

    static List<String> harmlessWorkflows() {
        return lines("harmless-workflows.txt");
    }

    static List<Secret> secrets() {
        return lines("secrets.txt").stream().map(Secret::of).toList();
    }

    /** Returns the secrets that are missed, each behind its reason and a bar. */
    static List<String> missed() {
        return lines("secrets-missed.txt");
    }

    private static List<String> lines(String file) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ListedTexts.class.getResourceAsStream("/redact/" + file), file),
                StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("# "))
                    .map(line -> line.replace("{..}", "").replace('␤', '\n').replace('␉', '\t'))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
