package dev.runledger.faults;

/** How many rounds a fault test takes: few by default, all with {@code -Dledger.faults=full}. */
public final class Rounds {
    private Rounds() {}

    public static int of(int shortRounds, int fullRounds) {
        return System.getProperty("ledger.faults", "short").equals("full") ? fullRounds : shortRounds;
    }
}
