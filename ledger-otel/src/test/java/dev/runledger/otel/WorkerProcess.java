package dev.runledger.otel;

import dev.runledger.Ledger;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.file.Path;

/** A worker in another process: executes one run of a store that another process made, and prints the span of it. */
public final class WorkerProcess {
    private WorkerProcess() {}

    /** Executes the run. Takes the file of the store and the id of the run. */
    public static void main(String[] args) {
        try (Telemetry telemetry = new Telemetry();
                JdbiRunStore store = JdbiRunStore.sqlite(Path.of(args[0]))) {
            Ledger ledger = Ledger.builder()
                    .store(store)
                    .install(OtelPlugin.of(telemetry.sdk))
                    .build();
            ledger.execute(RunId.of(args[1]), "worker-2", scope -> RunOutcome.succeeded());
            SpanData span = telemetry.span("workflow.run");
            System.out.println(span.getTraceId() + " " + span.getParentSpanId() + " "
                    + RunSpansTest.links(span).get("segment_before"));
        }
    }
}
