package dev.runledger.examples.webhookbot;

import dev.runledger.Ledger;
import dev.runledger.operations.Operations;
import java.io.IOException;
import java.io.PrintStream;
import java.util.function.Function;

/** What listens beside the log, as the command line asked for it. Closed after the ledger, which has then emitted every event. */
final class Telemetry implements AutoCloseable {
    private final MetricsPage metrics;
    private final Traces traces;

    private Telemetry(MetricsPage metrics, Traces traces) {
        this.metrics = metrics;
        this.traces = traces;
    }

    static Telemetry of(Options.Listeners listeners) throws IOException {
        return new Telemetry(
                listeners.metricsPort() < 0 ? null : new MetricsPage(listeners.metricsPort()),
                listeners.otlp() == null ? null : new Traces(listeners.otlp()));
    }

    /** Installs what listens. */
    Ledger.Builder to(Ledger.Builder ledger) {
        if (metrics != null) {
            ledger.sink(metrics.sink());
        }
        if (traces != null) {
            ledger.install(traces.plugin());
        }
        return ledger;
    }

    /** The bot's way to take a delivery in, under a span where traces are wanted. */
    Function<Delivery, Receipt> traced(Function<Delivery, Receipt> bot) {
        return traces == null ? bot : traces.traced(bot);
    }

    /** Shows what waits in the ledger's store and what its operations do, and says where. */
    void watch(Ledger ledger, Operations operations, PrintStream err) {
        if (metrics != null) {
            metrics.watch(ledger, operations);
            err.println("metrics on " + metrics.address());
        }
    }

    @Override
    public void close() {
        if (metrics != null) {
            metrics.close();
        }
        if (traces != null) {
            traces.close();
        }
    }
}
