package dev.runledger.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The class path of this test with the oldest OpenTelemetry in place of the one that is built on, and with none at all. */
class OtherVersionsTest {
    private static final Path OLDEST = Path.of("target/oldest");

    @Test
    void theOldestApiHasNoPlaceForAnEventNameSoItIsAnAttribute() throws Exception {
        List<String> answer;
        try (URLClassLoader host = hostWith(jarsOf(OLDEST))) {
            Class<?> builder = host.loadClass("io.opentelemetry.api.logs.LogRecordBuilder");
            assertThat(builder.getClassLoader()).isSameAs(host);
            assertThatThrownBy(() -> builder.getMethod("setEventName", String.class))
                    .isInstanceOf(NoSuchMethodException.class);
            answer = run(host, "dev.runledger.otel.OldestApiHost");
        }
        List<String> each = List.of("failures 0", "surrounding failures 0");
        assertThat(answer)
                .containsSubsequence(
                        "record workflow.run.queued run-1:1",
                        "record workflow.run.running run-1:2",
                        "span RUN review",
                        "record workflow.run.suspended run-1:3",
                        "record workflow.run.resumed run-1:4",
                        "span agent.prepare",
                        "span agent.execute",
                        "span RUN review",
                        "record workflow.run.failed run-1:5",
                        "record workflow.run.completed run-1:5:completed",
                        "span workflow.wait_completion",
                        each.get(0),
                        each.get(1),
                        "closed",
                        each.get(0),
                        each.get(1),
                        "noop",
                        each.get(0),
                        each.get(1));
        assertThat(answer.subList(answer.indexOf("closed"), answer.size()))
                .containsExactly("closed", each.get(0), each.get(1), "noop", each.get(0), each.get(1));
    }

    @Test
    void aHostWithoutOpenTelemetryHasItsLedger() throws Exception {
        try (URLClassLoader host = hostWith(List.of())) {
            assertThatThrownBy(() -> host.loadClass("io.opentelemetry.api.OpenTelemetry"))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThat(run(host, "dev.runledger.otel.PlainHost")).containsExactly("SUCCEEDED");
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> run(URLClassLoader loader, String host) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader); // it is where OpenTelemetry looks for its services
        try {
            Object made = loader.loadClass(host).getDeclaredConstructor().newInstance();
            return ((Callable<List<String>>) made).call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URLClassLoader hostWith(List<Path> jars) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        for (Path entry : Arrays.stream(entries).map(Path::of).toList()) {
            if (!entry.getFileName().toString().startsWith("opentelemetry")) {
                urls.add(entry.toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static List<Path> jarsOf(Path folder) throws IOException {
        try (Stream<Path> jars = Files.list(folder)) {
            List<Path> found = jars.toList();
            assertThat(found).hasSize(7);
            return found;
        }
    }
}
