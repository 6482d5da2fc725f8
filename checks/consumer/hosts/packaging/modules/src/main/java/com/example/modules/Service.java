package com.example.modules;

import dev.runledger.Ledger;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.micrometer.OperationsMeters;
import dev.runledger.operations.Operations;
import dev.runledger.otel.OtelPlugin;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.WorkflowRun;
import dev.runledger.sink.Slf4jSink;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Path;

/** An application on the module path, with the store and every adapter. */
public final class Service {
    private Service() {}

    /** Runs one run beside operations, and answers it. */
    public static WorkflowRun run(Path file, MeterRegistry registry) {
        try (JdbiRunStore store = JdbiRunStore.sqlite(file);
                Ledger ledger = Ledger.builder()
                        .store(store)
                        .sink(Slf4jSink.jsonMessage())
                        .sink(MicrometerSink.of(registry))
                        .install(OtelPlugin.of(OpenTelemetry.noop()))
                        .build();
                Operations operations = Operations.builder(ledger).build().start();
                OperationsMeters meters = OperationsMeters.of(operations)) {
            meters.bindTo(registry);
            RunId id = ledger.dispatch(NewRun.of("review").input("{\"pull\":42}"))
                    .orElseThrow()
                    .id();
            return ledger.execute(id, "worker-1", scope -> RunOutcome.succeeded())
                    .orElseThrow();
        }
    }
}
