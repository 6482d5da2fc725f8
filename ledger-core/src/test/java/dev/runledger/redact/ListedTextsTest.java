package dev.runledger.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.redact.ListedTexts.Secret;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two lists decide what the redactor does: harmless texts stay, secrets go. */
class ListedTextsTest {
    private static final int LEAST_HARMLESS = 250;
    private static final int LEAST_NAMES = 60;
    private static final int LEAST_WORKFLOWS = 30;
    private static final int LEAST_SECRETS = 300;

    private static final Redactor REDACTOR = Redactor.standard();

    static List<String> harmless() {
        return ListedTexts.harmless();
    }

    static List<String> harmlessNames() {
        return ListedTexts.harmlessNames();
    }

    static List<String> harmlessWorkflows() {
        return ListedTexts.harmlessWorkflows();
    }

    static List<Secret> secrets() {
        return ListedTexts.secrets();
    }

    static List<String> missed() {
        return ListedTexts.missed();
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void aHarmlessTextIsTheVerySame(String text) {
        assertThat(REDACTOR.redact(text)).isSameAs(text);
    }

    @ParameterizedTest
    @MethodSource("harmlessNames")
    void aHarmlessNameMasksNothing(String name) {
        assertThat(REDACTOR.isSecret(name)).isFalse();
        assertThat(REDACTOR.redact(name)).isSameAs(name);
        assertThat(REDACTOR.redact(name, "12 of them")).isEqualTo("12 of them");
        assertThat(Sanitizer.of(REDACTOR, Limits.standard()).isPlainName(name)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("harmlessWorkflows")
    void aHarmlessNameInCodeIsNotRefused(String name) {
        assertThat(Sanitizer.of(REDACTOR, Limits.standard()).isPlain(name)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretIsNotReadable(Secret secret) {
        String redacted = REDACTOR.redact(secret.text());
        assertThat(secret.secrets()).isNotEmpty();
        assertThat(secret.isReadableIn(redacted)).as(redacted).isFalse();
        assertThat(redacted).contains(Redactor.MASK);
    }

    /** Who makes one of these known moves it to the secrets, and takes its reason out of the Javadoc if no other has it. */
    @ParameterizedTest
    @MethodSource("missed")
    void aDocumentedMissIsMissed(String entry) {
        Secret secret = Secret.of(entry.substring(entry.indexOf(" | ") + 3));
        assertThat(secret.isReadableIn(REDACTOR.redact(secret.text()))).isTrue();
    }

    @Test
    void theListsAreNoShorterThanTheyWere() {
        assertThat(harmless()).hasSizeGreaterThanOrEqualTo(LEAST_HARMLESS).doesNotHaveDuplicates();
        assertThat(harmlessNames()).hasSizeGreaterThanOrEqualTo(LEAST_NAMES).doesNotHaveDuplicates();
        assertThat(harmlessWorkflows())
                .hasSizeGreaterThanOrEqualTo(LEAST_WORKFLOWS)
                .doesNotHaveDuplicates();
        assertThat(secrets()).hasSizeGreaterThanOrEqualTo(LEAST_SECRETS).doesNotHaveDuplicates();
    }

    @Test
    void everyShapeIsInTheListOfSecrets() {
        for (String shape : Redactor.shapes()) {
            Redactor without = Redactor.builder().disableShape(shape).build();
            assertThat(secrets())
                    .as("a secret that only %s masks", shape)
                    .anyMatch(secret -> !without.redact(secret.text()).equals(REDACTOR.redact(secret.text())));
        }
    }

    @AfterAll
    static void printTheCounts() {
        long kept = harmless().stream()
                .filter(text -> REDACTOR.redact(text).equals(text))
                .count();
        long masked = secrets().stream()
                .filter(secret -> !secret.isReadableIn(REDACTOR.redact(secret.text())))
                .count();
        System.out.printf(
                "redaction: %d of %d harmless texts kept, %d names, %d names in code; %d of %d secrets masked; %d documented misses%n",
                kept,
                harmless().size(),
                harmlessNames().size(),
                harmlessWorkflows().size(),
                masked,
                secrets().size(),
                missed().size());
    }
}
