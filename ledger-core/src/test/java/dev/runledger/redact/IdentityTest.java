package dev.runledger.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    private static final int MAX = 512;

    private final Sanitizer sanitizer = Sanitizer.of(Redactor.standard(), Limits.standard());

    // ---- by example

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acme/app#42",
                "5678901234515",
                "key~0123456789abcdef",
                "\u00fcber/stra\u00dfe",
                "reset:user-17",
                "4111-1111-1111-1111"
            })
    void whatShowsNoSecretStaysAsItIs(String text) {
        assertThat(sanitizer.identity(text, MAX)).isSameAs(text);
        assertThat(sanitizer.redactions()).isZero();
    }

    @Test
    void oneThatShowsASecretIsItsMaskedTextAndADigest() {
        String a = sanitizer.identity("https://x/?token=A", MAX);
        String b = sanitizer.identity("https://x/?token=B", MAX);
        assertThat(List.of(a, b))
                .doesNotHaveDuplicates()
                .allSatisfy(kept -> assertThat(kept).matches("https://x/\\?token=\\[redacted]~[0-9a-f]{16}"));
        assertThat(sanitizer.identity("https://x/?token=A", MAX)).isEqualTo(a);
        assertThat(sanitizer.redactions()).isEqualTo(3);
    }

    @Test
    void theDigestIsOfTheKey() {
        byte[] key = new byte[32];
        Sanitizer one = Sanitizer.of(Redactor.standard(), Limits.standard(), () -> key);
        Sanitizer same = Sanitizer.of(Redactor.builder().build(), Limits.standard(), key::clone);
        assertThat(one.identity("AUTH=a1b2c3", MAX))
                .isEqualTo("AUTH=[redacted]~8abb769aba45cfe7")
                .isEqualTo(same.identity("AUTH=a1b2c3", MAX))
                .isNotEqualTo(sanitizer.identity("AUTH=a1b2c3", MAX));
        Sanitizer weak = Sanitizer.of(Redactor.standard(), Limits.standard(), () -> new byte[8]);
        assertThatIllegalStateException()
                .isThrownBy(() -> weak.identity("AUTH=a1b2c3", MAX))
                .withMessage("the identity key has 8 bytes, expected 32");
    }

    @Test
    void whatCleaningRemovesMakesADifference() {
        Set<String> kept = new HashSet<>();
        List<String> odd = List.of(
                "a\u0000b",
                "a\u0001b",
                "a\nb",
                "a\tb",
                "ab",
                "a b",
                "\u0000",
                "\u0001",
                "a\ud800b",
                "a\udc00b",
                "a\ufffdb");
        odd.forEach(text ->
                assertThat(kept.add(sanitizer.identity(text, MAX))).as(text).isTrue());
        assertThat(kept).allMatch(text -> Text.clean(text, MAX).equals(text)).contains("ab", "a b");
        assertThat(sanitizer.identity(" \n", MAX)).as("a blank one is none").isBlank();
    }

    @Test
    void theTextIsCutAndNeverTheDigest() {
        String one = sanitizer.identity("a".repeat(3 * MAX) + "1", MAX);
        String other = sanitizer.identity("a".repeat(3 * MAX) + "2", MAX);
        assertThat(one).isNotEqualTo(other).hasSizeLessThanOrEqualTo(MAX).matches("a+\u2026~[0-9a-f]{16}");
        assertThat(Sanitizer.wasCut(one)).isTrue();
        assertThat(Sanitizer.wasCut(sanitizer.identity("a".repeat(80) + "?token=A", MAX)))
                .isFalse();
        assertThat(sanitizer.truncations()).isEqualTo(2);
    }

    /** Shapes that reach to the end of the text would take the digest for a part of the secret. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cookie: sid=a",
                "token=\"abc",
                "-----BEGIN PRIVATE KEY-----MIIB",
                "passwords: [a, b",
                "token=\u0000",
                "token=[redacted]\u0000",
                "tool --password \u0001",
                "x password=~0123456789abcdef",
                "[redacted] password=~0123456789abcdef"
            })
    void aFormThatWouldBeMaskedAgainStaysAsItIs(String text) {
        String kept = sanitizer.identity(text, MAX);
        assertThat(kept).matches(".+~[0-9a-f]{16}").doesNotEndWith("~0123456789abcdef");
        assertThat(sanitizer.identity(kept, MAX)).isEqualTo(kept);
    }

    @Test
    void aFunctionThatMasksTheDigestItselfMakesNoDifference() {
        Redactor everything = Redactor.builder().also(text -> "[redacted]").build();
        Sanitizer hooked = Sanitizer.of(everything, Limits.standard());
        String kept = hooked.identity("a", MAX);
        assertThat(kept).matches("\\[redacted]~[0-9a-f]{16}").isNotEqualTo(hooked.identity("b", MAX));
        assertThat(hooked.identity(kept, MAX)).isEqualTo(kept);
    }

    @Test
    void whatIsReadFromAStoreStaysAsItIs() {
        assertThat(Sanitizer.asStored().identity("token=A\n", MAX)).isEqualTo("token=A\n");
    }

    // ---- by property

    private static final List<String> FRAMES = List.of(
            "https://x/?token=%s",
            "AUTH:%s",
            "https://bot:%s@host/repo",
            "password='%s' rest",
            "token=\"%s",
            "Cookie: %s",
            "Cookie: %s\" more",
            "{\"apiKey\":\"%s\"}",
            "Bearer %s",
            "-----BEGIN RSA PRIVATE KEY-----%s",
            "ghp_%s",
            "secrets: [%s, x",
            "tool --password %s --verbose",
            "reset-password:%s",
            "arn:aws:secretsmanager:eu:1:secret:%s",
            "a\u0000token=%s\u0001",
            "jdbc:oracle:thin:scott/%s@h:1521:x");
    private static final String ALPHABET = "abcXYZ0189~.-_=:;,&'\"[](){}<>/?#@ \n\t\u0000\u202e\u00e4\u2026";

    @RepeatedTest(20)
    void differentStayDifferentShowNoSecretAreStableAndShort() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int max : new int[] {64, 256, MAX}) {
            Map<String, String> originals = new HashMap<>();
            for (int i = 0; i < 500; i++) {
                String secret = secret(random);
                String text = noise(random, max)
                        + FRAMES.get(random.nextInt(FRAMES.size())).formatted(secret)
                        + noise(random, max);
                String kept = sanitizer.identity(text, max);
                String as = "seed %d, max %d, %s".formatted(seed, max, text);
                String other = originals.put(kept, text);
                assertThat(other == null || other.equals(text)).as(as).isTrue();
                assertThat(kept).as(as).hasSizeLessThanOrEqualTo(max);
                assertThat(sanitizer.identity(kept, max)).as(as).isEqualTo(kept);
                assertThat(sanitizer.identity(text, max)).as(as).isEqualTo(kept);
                if (masks(text)) {
                    assertThat(kept).as(as).doesNotContain(secret);
                }
            }
        }
    }

    /** Noise before the frame can take its shape away; what the redactor then lets through is not what this is about. */
    private static boolean masks(String text) {
        return Redactor.standard().redactId(Text.clean(text, text.length())).contains(Redactor.MASK)
                && !Redactor.standard()
                        .redactId(Text.clean(text, text.length()))
                        .contains("S3cr3t");
    }

    private static String secret(Random random) {
        StringBuilder secret = new StringBuilder("S3cr3t");
        for (int i = 0; i < 24; i++) {
            secret.append("abcdefghijklmnopqrstuvwxyz0123456789".charAt(random.nextInt(36)));
        }
        return secret.toString();
    }

    private static String noise(Random random, int max) {
        int length = random.nextInt(4) == 0 ? random.nextInt(2 * max) : random.nextInt(20);
        StringBuilder noise = new StringBuilder();
        for (int i = 0; i < length; i++) {
            noise.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return noise.toString();
    }
}
