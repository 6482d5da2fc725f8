package dev.runledger.examples.webhookbot;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Function;

/**
 * Replays recorded deliveries so that the same file does the same every time: each delivery waits until the workers are idle.
 *
 * <p>A flooded replay begins as a host does that is flooded while it boots: its workers start when their queue was full and one
 * more run was turned away.
 */
final class Replay {
    private final Function<Delivery, Receipt> door;
    private final Workers workers;
    private final Tally tally;
    private final boolean flooded;
    private final PrintStream err;

    Replay(Function<Delivery, Receipt> door, Workers workers, Tally tally, boolean flooded, PrintStream err) {
        this.door = door;
        this.workers = workers;
        this.tally = tally;
        this.flooded = flooded;
        this.err = err;
    }

    void run(List<Recorded> recorded) throws InterruptedException {
        if (!flooded) {
            startWorkers();
        }
        ProgressBar progress = new ProgressBar(err, recorded.size());
        for (Recorded each : recorded) {
            if (each instanceof Delivery delivery) {
                replay(delivery);
            } else if (each instanceof Recorded.BrokenLine line) {
                String expected = "expected {event, deliveryId, signature, payload}";
                report(Receipt.rejected("not_a_delivery", expected), "line " + line.number());
            }
            progress.step();
        }
        startWorkers();
    }

    private void replay(Delivery delivery) throws InterruptedException {
        Receipt receipt = door.apply(delivery);
        report(receipt, delivery.deliveryId());
        if (receipt.code().equals(Bot.NOT_ENQUEUED) || workers.isStarted()) {
            startWorkers();
        }
    }

    private void startWorkers() throws InterruptedException {
        if (!workers.isStarted()) {
            workers.start();
        }
        workers.awaitIdle();
    }

    private void report(Receipt receipt, String deliveryId) {
        tally.add(receipt);
        if (receipt.kind() == Receipt.Kind.REJECTED || receipt.kind() == Receipt.Kind.FAILED) {
            err.println(receipt.line(deliveryId));
        }
    }
}
