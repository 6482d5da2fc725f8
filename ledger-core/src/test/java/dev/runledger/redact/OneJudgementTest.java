package dev.runledger.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.redact.ListedTexts.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What the fields of an event, the store and an attached error show of an error is one judgement, whatever its messages, causes and suppressed
 * errors hold: none shows a secret, all show the same message, and a layout of text prints no line that is not of the stack.
 */
class OneJudgementTest {
    private static final int ERRORS = 4_000;
    private static final long SEED = Long.getLong("ledger.seed", 20_261_126);
    private static final List<String> WHITE = List.of(
            " ", "\t", "\n", "\r\n", "\u000B", "\f", "\u0085", "\u00A0", "\u2003", "\u2028", "\u3000", "\u200B", "");
    private static final Pattern LINE_OF_A_STACK = Pattern.compile(
            "(\t*(Caused by: |Suppressed: )?java\\.[A-Za-z.]+(: .*)?)|(\t+at .*)|(\t+\\.\\.\\. \\d+ more)");

    private static final Redactor REDACTOR = Redactor.standard();
    private static final Sanitizer SANITIZER = Sanitizer.of(REDACTOR, Limits.standard());

    private final Random random = new Random(SEED);
    /** Without the short ones, which may stand in a harmless text too. */
    private final List<Secret> secrets = ListedTexts.secrets().stream()
            .filter(secret -> secret.secrets().stream().allMatch(part -> part.length() >= 8))
            .toList();

    private final List<String> harmless = ListedTexts.harmless();
    private final List<Secret> planted = new ArrayList<>();

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String message() {
        StringBuilder message = new StringBuilder();
        int parts = 1 + random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            if (random.nextInt(3) == 0) {
                Secret secret = any(secrets);
                planted.add(secret);
                message.append('\n').append(secret.text()).append('\n'); // it may reach to the end of its line
            } else {
                message.append(any(harmless));
            }
            message.append(any(WHITE));
        }
        return random.nextInt(4) == 0 ? message + "\n2026-11-26 12:00:00 ERROR a.B - forged" : message.toString();
    }

    private Throwable error(int depth) {
        String message = message();
        Throwable error = switch (random.nextInt(4)) {
            case 0 -> new IllegalStateException(message);
            case 1 -> new IOException(message);
            case 2 -> new UncheckedIOException(message, new IOException(message()));
            default -> new Exception(message);
        };
        if (depth < 3 && random.nextBoolean() && error.getCause() == null) {
            error.initCause(error(depth + 1));
        }
        if (depth < 2 && random.nextInt(3) == 0) {
            error.addSuppressed(error(depth + 1));
        }
        return error;
    }

    private static String printed(Throwable error) {
        StringWriter printed = new StringWriter();
        error.printStackTrace(new PrintWriter(printed, true));
        return printed.toString();
    }

    @Test
    void everyPlaceShowsTheSameAndNoneShowsASecret() {
        int attachedAsTheyAre = 0;
        int withSecrets = 0;
        for (int i = 0; i < ERRORS; i++) {
            planted.clear();
            Throwable error = error(0);
            Sanitizer.ErrorText shown = SANITIZER.describe(error);
            Throwable attached = SafeThrowable.of(error, REDACTOR);
            String stack = printed(attached);
            String where = "seed %d, error %d".formatted(SEED, i);

            for (Secret secret : planted) {
                assertThat(secret.isReadableIn(String.valueOf(shown.errorMessage())))
                        .as("%s: %s in %s", where, secret, shown.errorMessage())
                        .isFalse();
                assertThat(secret.isReadableIn(String.valueOf(shown.errorStack())))
                        .as("%s: %s in %s", where, secret, shown.errorStack())
                        .isFalse();
                assertThat(secret.isReadableIn(stack))
                        .as("%s: %s", where, stack)
                        .isFalse();
            }
            assertThat(stack.lines())
                    .as(where)
                    .allMatch(line -> LINE_OF_A_STACK.matcher(line).matches(), "is of a stack");
            assertThat(attached.toString().replace('\t', ' '))
                    .as(where)
                    .isEqualTo(shown.errorClass() + ": " + shown.errorMessage());
            attachedAsTheyAre += attached == error ? 1 : 0;
            withSecrets += planted.isEmpty() ? 0 : 1;
        }
        System.out.printf(
                "one judgement: seed %d, %d errors, %d with secrets, %d attached as they are%n",
                SEED, ERRORS, withSecrets, attachedAsTheyAre);
        assertThat(attachedAsTheyAre).isPositive();
        assertThat(withSecrets).isPositive();
    }
}
