package dev.runledger.redact;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SafeThrowableTest {
    private static final Redactor REDACTOR = Redactor.standard();

    @Test
    void aHarmlessErrorIsTheErrorItself() {
        Exception error = new IllegalStateException("column one\tcolumn two", new RuntimeException("grüße 🚀"));
        error.addSuppressed(new RuntimeException("x"));
        assertThat(SafeThrowable.of(error, REDACTOR)).isSameAs(error);
        assertThat(SafeThrowable.of(new SilentError(), REDACTOR)).isInstanceOf(SilentError.class);
    }

    private static final class SilentError extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void anErrorWithASecretIsPrintedByAStandInThatLooksLikeIt() {
        Exception error = new IllegalStateException("x", new RuntimeException("jdbc:h2:mem?password=hunter2"));
        error.addSuppressed(new RuntimeException("Bearer abc-123-def"));
        String printed = print(SafeThrowable.of(error, REDACTOR));
        assertThat(printed)
                .startsWith("java.lang.IllegalStateException: x")
                .contains("Caused by: java.lang.RuntimeException: jdbc:h2:mem?password=[redacted]")
                .contains("Suppressed: java.lang.RuntimeException: Bearer [redacted]")
                .contains("SafeThrowableTest.java")
                .doesNotContain("hunter2")
                .doesNotContain("abc-123");
    }

    static Stream<Throwable> forging() {
        String forged = "x%s2026-11-26 10:00:00 ERROR bot - forged";
        Exception framed = new Exception("framed");
        framed.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("a.B\n2026-11-26 ERROR forged", "c", "B.java", 1),
            new StackTraceElement("a.B", "c\r\n2026-11-26 ERROR forged", "B.java", 1),
            new StackTraceElement("a.B", "c", "B.java\u20282026-11-26 ERROR forged", 1)
        });
        Exception suppressing = new Exception("suppressing");
        suppressing.addSuppressed(new Exception(forged.formatted("\n")));
        Stream<Throwable> messages = Stream.of("\n", "\r", "\r\n", "\u000B", "\f", "\u0085", "\u2028", "\u2029")
                .map(lineBreak -> new IllegalStateException(new Exception(forged.formatted(lineBreak))));
        Stream<Throwable> others = Stream.of(
                framed,
                suppressing,
                new Exception("prints itself") {
                    @Override
                    public void printStackTrace(PrintWriter to) {
                        to.print("x\n2026-11-26 ERROR forged");
                    }
                },
                new Exception() {
                    @Override
                    public String toString() {
                        return "x\n2026-11-26 ERROR forged";
                    }
                },
                new Exception("plain") {
                    @Override
                    public String getLocalizedMessage() {
                        return "x\n2026-11-26 ERROR forged";
                    }
                });
        return Stream.concat(messages, others);
    }

    @ParameterizedTest
    @MethodSource("forging")
    void noErrorPrintsALineThatLooksLikeOneOfTheLog(Throwable error) {
        Throwable safe = SafeThrowable.of(error, REDACTOR);
        Pattern anyLineBreak = Pattern.compile("\\R");
        for (String printed : List.of(print(safe), ThrowableProxyUtil.asString(new ThrowableProxy(safe)))) {
            assertThat(anyLineBreak.split(printed)).noneMatch(line -> line.startsWith("2026-"));
        }
    }

    static Stream<Throwable> hostile() {
        Exception cycle = new Exception("one");
        cycle.initCause(new Exception("two", cycle));
        Exception crowded = new Exception("crowded");
        for (int i = 0; i < 10_000; i++) {
            crowded.addSuppressed(new Exception("s" + i));
        }
        Exception deep = new Exception("root");
        for (int i = 0; i < 10_000; i++) {
            deep = new Exception("level " + i, deep);
        }
        Exception tall = new Exception("tall");
        StackTraceElement[] frames = new StackTraceElement[10_000];
        Arrays.fill(frames, new StackTraceElement("a.b.C", "d", "C.java", 1));
        tall.setStackTrace(frames);
        return Stream.of(
                new Exception("x".repeat(20 << 20)),
                new Exception("a\u001B[31m\u0000\u202E"),
                cycle,
                crowded,
                deep,
                tall,
                new Exception() {
                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("no message");
                    }
                },
                new Exception() {
                    @Override
                    public String toString() {
                        return toString();
                    }
                },
                new Exception() {
                    @Override
                    public synchronized Throwable getCause() {
                        throw new IllegalStateException("no cause");
                    }
                },
                new Exception() {
                    @Override
                    public StackTraceElement[] getStackTrace() {
                        throw new IllegalStateException("no stack");
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("hostile")
    @Timeout(20)
    void aHostileErrorIsDescribedWithinTheLimits(Throwable error) {
        Sanitizer.ErrorText detail = ErrorTexts.of(error, REDACTOR);
        assertThat(detail.errorClass())
                .hasSizeLessThanOrEqualTo(256)
                .isEqualTo(error.getClass().getName());
        assertThat(detail.errorMessage() == null ? "" : detail.errorMessage()).hasSizeLessThanOrEqualTo(2048);
        assertThat(detail.errorStack()).hasSizeLessThanOrEqualTo(8192);
        assertThat(detail.errorStack().chars()).noneMatch(Character::isISOControl);

        Throwable safe = SafeThrowable.of(error, REDACTOR);
        assertThat(ThrowableProxyUtil.asString(new ThrowableProxy(safe))).doesNotContain("\u001B", "\u202E");
        assertThat(print(safe)).hasSizeLessThan(400_000);
    }

    @Test
    void theStackKeepsItsTopAndItsRootCause() {
        Exception root = new Exception("the root cause");
        Exception error = root;
        for (int i = 0; i < 20; i++) {
            error = new Exception("level " + i + " " + "x".repeat(500), error);
        }
        Sanitizer.ErrorText detail = ErrorTexts.of(error, REDACTOR);
        assertThat(detail.truncated()).isTrue();
        assertThat(detail.errorStack())
                .startsWith("java.lang.Exception: level 19")
                .contains("the root cause")
                .contains(" | ... | ");
    }

    @Test
    void aHugeMessageCostsNoMoreThanItsHead() {
        Exception error = new Exception("password=".repeat(2 << 20));
        long before = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            ErrorTexts.of(error, REDACTOR);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aSecretThatTheCutHalvesDoesNotComeOutByHalf() {
        String pem = "-----BEGIN PRIVATE KEY-----" + "x".repeat(3000) + "-----END PRIVATE KEY-----";
        String before = pem + "y".repeat(4096 - pem.length() - 15);
        Exception error = new Exception(before + " AKIAIOSFODNN7EXAMPLE" + "z".repeat(500));
        assertThat(ErrorTexts.of(error, REDACTOR).errorMessage())
                .doesNotContain("AKIA")
                .endsWith("\u2026");
    }

    @Test
    void framesThatAreNullAreLeftOut() {
        Exception error = new Exception("x") {
            @Override
            public StackTraceElement[] getStackTrace() {
                return new StackTraceElement[2];
            }
        };
        assertThat(ErrorTexts.of(error, REDACTOR).errorStack()).contains(": x");
    }

    private static String print(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
