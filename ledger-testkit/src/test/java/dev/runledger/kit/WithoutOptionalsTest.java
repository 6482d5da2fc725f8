package dev.runledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A suite that has none of the libraries which single classes of the kit read. */
class WithoutOptionalsTest {
    private static URLClassLoader suiteWithout(String... parts) {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Arrays.stream(parts).noneMatch(entry::contains))
                .map(WithoutOptionalsTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(entry, impossible);
        }
    }

    @Test
    void theRestOfTheKitWorks() throws Exception {
        try (URLClassLoader suite =
                suiteWithout("logback", "logstash", "log4j", "micrometer", "opentelemetry", "sqlite")) {
            Class<?> kits = suite.loadClass("dev.runledger.testkit.LedgerKit");
            Object kit = kits.getMethod("strict").invoke(null);
            Object ledger = kits.getMethod("ledger").invoke(kit);
            Class<?> newRun = suite.loadClass("dev.runledger.run.NewRun");
            Object run = newRun.getMethod("of", String.class).invoke(null, "review");
            ledger.getClass().getMethod("dispatch", newRun).invoke(ledger, run);
            kits.getMethod("verify").invoke(kit);
            Class<?> fanOut = suite.loadClass("dev.runledger.testkit.LedgerAssertions");
            Object asserting = fanOut.getMethod("assertThatFanOut", kits).invoke(null, kit);
            asserting.getClass().getMethod("reachedEveryWitness").invoke(asserting);
            suite.loadClass("dev.runledger.testkit.LedgerExtension")
                    .getConstructor()
                    .newInstance();
            for (String needy : List.of("LogbackCapture", "Log4jCapture", "MeterWitness", "TelemetryWitness")) {
                assertThatThrownBy(() -> Class.forName("dev.runledger.testkit." + needy, true, suite)
                                .getDeclaredMethods())
                        .isInstanceOf(NoClassDefFoundError.class);
            }
            assertThat(suite.loadClass("dev.runledger.testkit.RunAssert").getMethods())
                    .isNotEmpty();
        }
    }
}
