package dev.runledger.trials;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.store.StoreException;

/** The main class of a host that writes runs until it is killed, and prints each event once its call has returned. */
final class WritingHost {
    static final int THREADS = 8;

    private WritingHost() {}

    private static final class Printing implements RunWriter.Witness {
        @Override
        public void acknowledged(String eventId, String state) {
            System.out.println(Acknowledged.line(eventId, state));
        }

        @Override
        public boolean again(StoreException failed) {
            return false; // its database is well
        }
    }

    /** Takes a {@link StoreProfile}, a URL, what ids begin with, and a seed. */
    public static void main(String[] args) {
        Ledger ledger = Ledger.builder()
                .store(StoreProfile.valueOf(args[0]).open(args[1]))
                .events(WorkflowRunEvents.builder().build())
                .build();
        for (int i = 0; i < THREADS; i++) {
            RunWriter writer = new RunWriter(ledger, Long.parseLong(args[3]) + i, args[2] + i, new Printing());
            new Thread(() -> write(writer), "writer-" + i).start();
        }
    }

    private static void write(RunWriter writer) {
        try {
            while (true) {
                writer.life();
            }
        } catch (Throwable broken) { // whatever it is, the parent is to see it
            System.out.println("broken " + broken);
        }
    }
}
