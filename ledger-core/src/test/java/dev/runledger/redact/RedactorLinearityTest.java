package dev.runledger.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No text makes redaction take more than linear time: what is quadratic takes minutes here, what is linear takes milliseconds. */
class RedactorLinearityTest {
    private static final int MEBIBYTE = 1 << 20;

    static Stream<String> seeds() {
        return Stream.of(
                "eyJ",
                "eyJ-",
                "eyJ ",
                "eyJaaaaaaaaaaaaaaaaaaaaaaaa ",
                "eyJ.",
                "a:",
                "abc:",
                "pwd:",
                "password",
                "password=",
                "password=\"",
                "http://",
                "://",
                "://a@",
                ":oracle:thin:",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY-----",
                "--",
                "--password ",
                "\"",
                "\\",
                "\\\"",
                "4",
                "4444-",
                "4 ",
                "Bearer ",
                "Bearer a",
                "Basic aa1",
                "ghp_",
                "sk-",
                "xoxb-",
                "Authorization: ",
                "Cookie: ",
                "=",
                "= ",
                "'");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aMebibyteOfOneShapeIsReadInOnePass(String seed) {
        String hostile = seed.repeat(MEBIBYTE / seed.length());
        String halfAsLong = hostile.substring(0, hostile.length() / 2);
        long half = bestOf(halfAsLong);
        long whole = bestOf(hostile);
        // Four times for twice the text is what a quadratic pass takes, and it takes minutes; the floor keeps the grain
        // of the
        // clock and the collector's work out of it.
        assertThat(whole).isLessThan(Math.max(3 * half, 400_000_000L));
    }

    /** CPU time of this thread, so that a busy machine does not matter. */
    private static long bestOf(String text) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Redactor.standard().redact(text);
            best = Math.min(best, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
        }
        return best;
    }
}
