package dev.runledger.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Wait;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that one process dispatches and suspends, and another goes on with. */
class AnotherProcessTest {
    @TempDir
    private Path folder;

    @Test
    void theTraceGoesOnInAnotherProcess() throws Exception {
        Path file = folder.resolve("runs.db");
        try (Telemetry telemetry = new Telemetry();
                JdbiRunStore store = JdbiRunStore.sqlite(file)) {
            Ledger ledger = Ledger.builder()
                    .store(store)
                    .install(OtelPlugin.of(telemetry.sdk))
                    .build();
            RunId id = RunId.of("run-1");
            Span request = telemetry.inside(
                    "request", () -> ledger.dispatch(NewRun.of("review").id(id)));
            ledger.execute(id, "worker-1", scope -> RunOutcome.suspended(Wait.of(Wait.Code.APPROVAL)));
            ledger.resume(id, Resumption.of());
            SpanData first = telemetry.span("workflow.run");

            assertThat(worker(file, id))
                    .isEqualTo(request.getSpanContext().getTraceId() + " "
                            + request.getSpanContext().getSpanId() + " " + first.getSpanId());
        }
    }

    private static String worker(Path file, RunId id) throws Exception {
        java.lang.Process worker = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerProcess.class.getName(),
                        file.toString(),
                        id.value()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new String(worker.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        } finally {
            worker.destroy();
        }
    }
}
