package dev.runledger.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** These tests run twice, and the second time on the oldest Micrometer: this holds the build to that. */
class VersionsTest {
    @Test
    @EnabledIfSystemProperty(named = "ledger.micrometer", matches = ".+")
    void theOldestMicrometerIsTheOneThatRuns() throws Exception {
        String version = System.getProperty("ledger.micrometer");
        for (Class<?> type : new Class<?>[] {MeterRegistry.class, PrometheusMeterRegistry.class}) {
            Path jar = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            assertThat(jar.getFileName().toString()).endsWith("-" + version + ".jar");
        }
    }
}
