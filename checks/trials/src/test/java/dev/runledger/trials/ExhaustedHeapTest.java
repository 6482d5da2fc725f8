package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.RunId;
import dev.runledger.state.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink that exhausts the heap loses no transition that was acknowledged, and is called again once there is memory. */
class ExhaustedHeapTest {
    @TempDir
    private Path folder;

    @Test
    void aSinkThatExhaustsTheHeapLosesNothingAndGoesOn() throws Exception {
        Path file = folder.resolve("runs.db");
        Path printed = folder.resolve("printed.txt");
        Process host = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExhaustedHost.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            assertThat(host.waitFor(2, TimeUnit.MINUTES)).as("it ended").isTrue();
        } finally {
            host.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(printed);
        assertThat(host.exitValue()).as(String.join("\n", lines)).isZero();
        List<RunId> acknowledged = lines.stream()
                .filter(line -> line.startsWith("acknowledged "))
                .map(line -> RunId.of(line.substring("acknowledged ".length())))
                .toList();
        String sink = lines.get(lines.size() - 1);
        System.out.printf("exhausted heap: %d runs acknowledged, sink: %s%n", acknowledged.size(), sink);
        assertThat(acknowledged).isNotEmpty();
        assertThat(sink).matches("failed [1-9]\\d+ delivered [1-9]\\d*");
        try (JdbiRunStore store = JdbiRunStore.sqlite(file)) {
            assertThat(acknowledged)
                    .allSatisfy(id -> assertThat(store.history().state(id)).contains(RunState.SUCCEEDED));
        }
    }
}
