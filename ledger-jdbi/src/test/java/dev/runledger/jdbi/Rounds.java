package dev.runledger.jdbi;

/** How many rounds a fault test takes: few by default, all with {@code -Dledger.faults=full}. */
final class Rounds {
    private Rounds() {}

    static int of(int shortRounds, int fullRounds) {
        return System.getProperty("ledger.faults", "short").equals("full") ? fullRounds : shortRounds;
    }
}
