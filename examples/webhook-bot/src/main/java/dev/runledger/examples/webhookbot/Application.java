package dev.runledger.examples.webhookbot;

import dev.runledger.Ledger;
import dev.runledger.context.ContextCarrier;
import dev.runledger.operations.Operations;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.store.PayloadStore;
import java.io.IOException;
import java.io.PrintStream;
import java.util.function.Function;

/** The parts of the bot, put together over a database, which stays open when this is closed. */
final class Application implements AutoCloseable {
    private final Workers workers;
    private final Telemetry telemetry;
    private final Ledger ledger;
    private final Operations operations;
    private final Function<Delivery, Receipt> door;

    private Application(Options options, RunDatabase database) throws IOException {
        this.workers = Workers.of(options);
        this.telemetry = Telemetry.of(options.listeners());
        this.ledger = telemetry
                .to(Ledger.builder()
                        .store(database.store())
                        .payloadStore(PayloadStore.inFolder(database.bodies()))
                        .sink(Slf4jSink.jsonMessage())
                        .carrier(ContextCarrier.mdc())
                        .queue(run -> {
                            if (Workflows.isKnown(run.workflowName())) {
                                workers.enqueue(run.id());
                            }
                        }))
                .build();
        this.operations = Policies.operations(ledger, options.runs().lostAfter());
        this.door = telemetry.traced(new Bot(ledger, workers, options)::accept);
    }

    /** Starts everything but the workers: a replay has them begin late. */
    static Application start(Options options, RunDatabase database, PrintStream err) throws IOException {
        Application application = new Application(options, database);
        try {
            application.telemetry.watch(application.ledger, application.operations, err);
            application.operations.start();
            return application;
        } catch (RuntimeException failed) {
            application.close();
            throw failed;
        }
    }

    Ledger ledger() {
        return ledger;
    }

    Operations operations() {
        return operations;
    }

    Workers workers() {
        return workers;
    }

    /** Takes a delivery in, under a span where traces are wanted. */
    Receipt accept(Delivery delivery) {
        return door.apply(delivery);
    }

    /** Stops the workers, gives their runs back, and emits what is left, in this order. Whoever calls it takes no more deliveries in. */
    @Override
    public void close() {
        workers.close();
        operations.close();
        ledger.close();
        telemetry.close();
    }
}
