package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A host that has slf4j-api and nothing else of ours: the class path of this test without Jackson and without a logging back end. */
class WithoutJacksonTest {
    private static URLClassLoader hostWithout(String... parts) {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Arrays.stream(parts).noneMatch(entry::contains))
                .map(WithoutJacksonTest::url)
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
    void everythingButTheJsonFormWorks() throws Exception {
        try (URLClassLoader host = hostWithout("jackson", "logback", "logstash")) {
            Class<?> events = host.loadClass("dev.runledger.WorkflowRunEvents");
            Object toLog = events.getMethod("toLog").invoke(null);
            Class<?> type = host.loadClass("dev.runledger.event.WorkflowRunEvent");
            Object queued = type.getField("QUEUED").get(null);
            Class<?> fields = host.loadClass("dev.runledger.event.EventFields");
            Object some = fields.getMethod("of").invoke(null);
            events.getMethod("log", host.loadClass("dev.runledger.event.EventType"), fields)
                    .invoke(toLog, queued, some);
            Object ledger =
                    host.loadClass("dev.runledger.Ledger").getMethod("builder").invoke(null);
            assertThat(ledger.getClass().getMethod("build").invoke(ledger)).isNotNull();
            assertThatThrownBy(() -> host.loadClass("com.fasterxml.jackson.databind.ObjectMapper"))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void theJsonMessageSaysWhichArtifactIsMissing() throws Exception {
        try (URLClassLoader host = hostWithout("jackson", "logback", "logstash")) {
            Class<?> sink = host.loadClass("dev.runledger.sink.Slf4jSink");
            assertThatThrownBy(() -> sink.getMethod("jsonMessage").invoke(null))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Slf4jSink.Mode.JSON_MESSAGE")
                    .hasMessageContaining("com.fasterxml.jackson.core:jackson-databind");
        }
    }
}
