package dev.runledger.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.redact.ListedTexts.Secret;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** Texts made of the listed ones and of what stands between them. A failure names its seed. */
class RedactionPropertyTest {
    private static final int TEXTS = 2_000;

    private static final List<String> BLANKS = List.of(
            " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u2028", "\u3000", "\u0085", "\u000b", " \u200b ");

    private static final List<String> BETWEEN = List.of(
            " ",
            "\n",
            "\t",
            "\r\n",
            "\u00a0",
            "\u3000",
            ", ",
            "; ",
            " | ",
            " - ",
            ". ",
            "\"",
            "'",
            "`",
            "\\",
            "\\\"",
            "\\\\\"",
            "=",
            ":",
            " = ",
            ": ",
            "=\"",
            ":[",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            "<",
            ">",
            "://",
            "@",
            "--",
            " -p",
            " -u ",
            "&",
            "?",
            "#",
            "~",
            "**",
            Redactor.MASK,
            "\u200b",
            "\u0000",
            "password=",
            "token: ",
            "Cookie: ",
            "Authorization: ",
            "Bearer ",
            "-----BEGIN ",
            "eyJ");

    private static final List<String> HEADS = List.of(
            "",
            "request failed: ",
            "2026-03-01T12:00:00Z INFO [main] c.e.App - ",
            "GET /x 200 ",
            "Host: example.org, ",
            "{a=b, ",
            "retry 3; ",
            "[x] ",
            "see https://example.org/a?b=c ",
            "user=ada ",
            "curl -v\n");

    private static final List<String> TAILS =
            List.of("", " ", "\n", "\t", "\r\n", " done", "\nAccept: */*", "\u00a0x", "\u2028y", " | at a.b.C");

    private final List<Secret> secrets = ListedTexts.secrets();
    private final List<String> harmless = ListedTexts.harmless();

    @RepeatedTest(5)
    void redactingTwiceIsRedactingOnce() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < TEXTS; i++) {
            String text = mixed(random);
            String once = Redactor.standard().redact(text);
            assertThat(Redactor.standard().redact(once))
                    .as("seed %d, %s", seed, text)
                    .isEqualTo(once);
            String clean = Text.clean(text, text.length());
            String cleanOnce = Redactor.standard().redact(clean);
            assertThat(Redactor.standard().redact(Text.clean(cleanOnce, cleanOnce.length())))
                    .as("seed %d, cleaned %s", seed, text)
                    .isEqualTo(cleanOnce);
        }
    }

    @RepeatedTest(5)
    void whateverStandsAroundASecretItIsNotReadable() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Sanitizer sanitizer = Sanitizer.of(Redactor.standard(), Limits.standard());
        for (int i = 0; i < TEXTS; i++) {
            Secret secret = secrets.get(random.nextInt(secrets.size()));
            String text = surrounded(random, secret.text());
            String shown = Redactor.standard().redact(Text.clean(text, text.length()));
            assertThat(secret.isReadableIn(shown))
                    .as("seed %d, %s -> %s", seed, text, shown)
                    .isFalse();
            assertThat(secret.isReadableIn(sanitizer.text(text, 1 << 16)))
                    .as("seed %d, %s", seed, text)
                    .isFalse();
        }
    }

    @RepeatedTest(5)
    void whatNoReaderSeesInANameChangesNothing() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (String name : List.of("password", "apiKey", "access_token", "client-secret", "Authorization")) {
            for (String unseen : List.of(
                    "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\ufe0f", "\u0000", "\u202e",
                    "\u115f")) {
                int at = random.nextInt(name.length() + 1);
                String hidden = name.substring(0, at) + unseen + name.substring(at);
                String as = "seed %d, %s with %x at %d".formatted(seed, name, (int) unseen.charAt(0), at);
                assertThat(Redactor.standard().isSecret(hidden)).as(as).isTrue();
                assertThat(Redactor.standard().redact(hidden, "hunter2")).as(as).isEqualTo(Redactor.MASK);
                String line = Text.clean(hidden + "=hunter2", 100);
                assertThat(Redactor.standard().redact(line)).as(as).doesNotContain("hunter2");
            }
        }
    }

    static String surrounded(Random random, String secret) {
        StringBuilder text = new StringBuilder(any(random, HEADS));
        boolean loose = random.nextBoolean();
        for (char c : secret.toCharArray()) {
            text.append(c == ' ' && loose ? any(random, BLANKS) : String.valueOf(c));
        }
        return text.append(any(random, TAILS)).toString();
    }

    String mixed(Random random) {
        StringBuilder text = new StringBuilder();
        int parts = 1 + random.nextInt(8);
        for (int i = 0; i < parts; i++) {
            text.append(fragment(random)).append(any(random, BETWEEN));
        }
        return text.toString();
    }

    private String fragment(Random random) {
        String whole = random.nextBoolean()
                ? secrets.get(random.nextInt(secrets.size())).text()
                : any(random, harmless);
        return switch (random.nextInt(4)) {
            case 0 -> whole.substring(random.nextInt(whole.length()));
            case 1 -> whole.substring(0, random.nextInt(whole.length()) + 1);
            case 2 -> whole;
            default -> any(random, BETWEEN) + any(random, BETWEEN);
        };
    }

    private static String any(Random random, List<String> texts) {
        return texts.get(random.nextInt(texts.size()));
    }
}
