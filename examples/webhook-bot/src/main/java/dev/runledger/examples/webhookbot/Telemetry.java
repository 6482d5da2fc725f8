package dev.runledger.examples.webhookbot;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import java.io.IOException;
import java.io.PrintStream;

/** Who is told of runs beside the log, as the command line asked for it. To be closed after the events, which have then all been told. */
final class Telemetry implements AutoCloseable {
    private final MetricsPage metrics;

    private Telemetry(MetricsPage metrics) {
        this.metrics = metrics;
    }

    static Telemetry of(Options.Listeners listeners) throws IOException {
        return new Telemetry(listeners.metricsPort() < 0 ? null : new MetricsPage(listeners.metricsPort()));
    }

    /** Lets them listen. */
    WorkflowRunEvents.Builder to(WorkflowRunEvents.Builder events) {
        return metrics == null ? events : events.sink(metrics.sink());
    }

    /** Shows what waits in the ledger's store, and says where. */
    void watch(Ledger ledger, PrintStream err) {
        if (metrics != null) {
            metrics.watch(ledger);
            err.println("metrics on " + metrics.address());
        }
    }

    @Override
    public void close() {
        if (metrics != null) {
            metrics.close();
        }
    }
}
