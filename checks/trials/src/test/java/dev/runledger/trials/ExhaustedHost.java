package dev.runledger.trials;

import dev.runledger.Ledger;
import dev.runledger.event.LedgerEvent;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** An application with little heap, whose sink eats all of it for a while. Prints what was acknowledged, and how its sink did. */
final class ExhaustedHost {
    /** How often the sink eats. */
    static final int MEALS = 60;

    /** How many runs live before. */
    private static final int FED = 50;

    private ExhaustedHost() {}

    /** Takes the file of the store. */
    public static void main(String[] arguments) {
        Hungry hungry = new Hungry();
        try (JdbiRunStore store = JdbiRunStore.sqlite(Path.of(arguments[0]));
                Ledger ledger = Ledger.builder()
                        .store(store)
                        .echo(false)
                        .sink(EventSink.queued(EventSink.named("hungry", hungry), 10_000))
                        .build()) {
            for (int i = 0;
                    i < FED;
                    i++) { // a class that cannot be initialized for want of memory is lost for the whole process
                life(ledger);
            }
            Callable<Void> life = () -> life(ledger);
            hungry.appetite = true;
            while (hungry.meals < MEALS) {
                atLast(life);
            }
            atLast(life); // there is memory again
            ledger.close();
            EventSink.Statistics sink = ledger.events().counters().sink("hungry");
            System.out.printf("failed %d delivered %d%n", sink.failed(), sink.delivered());
        }
    }

    private static Void life(Ledger ledger) {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.start(id, "worker-1").orElseThrow();
        ledger.succeed(id).orElseThrow();
        System.out.println("acknowledged " + id);
        return null;
    }

    /** Makes something until it has the memory for it. What the driver and Jdbi throw without memory is not only that error. */
    private static void atLast(Callable<Void> work) {
        while (true) {
            try {
                work.call();
                return;
            } catch (Exception | OutOfMemoryError exhausted) {
                Thread.yield();
            }
        }
    }

    /** Allocates until nothing is left, some times. */
    private static final class Hungry implements EventSink {
        private volatile boolean appetite;
        private volatile int meals;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // by the thread of its queue alone
        public void accept(LedgerEvent event) {
            List<byte[]> all = new ArrayList<>();
            while (appetite && meals < MEALS) {
                try {
                    all.add(new byte[1 << 20]);
                } catch (OutOfMemoryError exhausted) {
                    meals++;
                    throw exhausted;
                }
            }
        }
    }
}
