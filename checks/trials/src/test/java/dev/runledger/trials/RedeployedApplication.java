package dev.runledger.trials;

import dev.runledger.Ledger;
import dev.runledger.event.LedgerEvent;
import dev.runledger.failure.Failure;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.micrometer.LedgerMeters;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.otel.OtelPlugin;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/** An application that a server loads, starts, stops and drops: it uses every sink, the store and the meters. */
public final class RedeployedApplication implements BiConsumer<Path, Object[]> {
    /** Runs the whole life. Takes the file of its store, and the registry and the OpenTelemetry of the server. */
    @Override
    public void accept(Path file, Object[] ofServer) {
        LongAdder seen = new LongAdder();
        MeterRegistry registry = (MeterRegistry) ofServer[0];
        try (JdbiRunStore store = JdbiRunStore.sqlite(file);
                Ledger ledger = Ledger.builder()
                        .store(store)
                        .sink(Slf4jSink.jsonMessage())
                        .sink(MicrometerSink.of(registry))
                        .sink(EventSink.queued(EventSink.named("counting", new Counting(seen)), 1_000))
                        .install(OtelPlugin.of((OpenTelemetry) ofServer[1]))
                        .build();
                LedgerMeters meters =
                        LedgerMeters.builder(ledger).every(Duration.ofMillis(5)).build()) {
            meters.bindTo(registry);
            RunId id = ledger.dispatch(NewRun.of("review").target("t").input("{\"pull\":[1,2,{\"a\":\"b\"}]}"))
                    .orElseThrow()
                    .id();
            ledger.execute(id, "worker-1", scope -> {
                        scope.task("read", task -> scope.input().orElseThrow());
                        return RunOutcome.failed(Failure.of(new IllegalStateException("boom")));
                    })
                    .orElseThrow();
            ledger.history().events(id);
        }
        if (seen.sum() != 6) {
            throw new IllegalStateException("saw " + seen.sum() + " events");
        }
    }

    /** A sink of the application. */
    private record Counting(LongAdder seen) implements EventSink {
        @Override
        public void accept(LedgerEvent event) {
            seen.increment();
        }
    }
}
