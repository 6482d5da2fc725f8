package dev.runledger.trials;

import dev.runledger.Ledger;
import dev.runledger.store.StoreException;

/** The main class of an application that writes runs until it is killed, and prints each event once its call has returned. */
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
            return false; // nothing is wrong with its database
        }
    }

    /** Takes a {@link StoreProfile}, a URL, the prefix of ids, and a seed. */
    public static void main(String[] args) {
        Ledger ledger = Ledgers.silent(StoreProfile.valueOf(args[0]).open(args[1]));
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
