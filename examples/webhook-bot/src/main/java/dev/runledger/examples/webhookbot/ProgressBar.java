package dev.runledger.examples.webhookbot;

import java.io.PrintStream;

/** A progress bar on a terminal, for replays that take long enough to wonder. */
final class ProgressBar {
    private static final int WIDTH = 30;
    private static final int LONG = 100;

    private final PrintStream terminal;
    private final int total;
    private int done;

    /** A bar that shows itself only at a terminal, and only where there is much to do. */
    ProgressBar(PrintStream err, int total) {
        this.terminal = System.console() != null && total >= LONG ? err : null;
        this.total = total;
    }

    void step() {
        done++;
        if (terminal != null && (done % 10 == 0 || done == total)) {
            int filled = (int) ((long) WIDTH * done / total);
            terminal.printf("\r[%s%s] %s/%s", "#".repeat(filled), " ".repeat(WIDTH - filled), done, total);
            if (done == total) {
                terminal.println();
            }
        }
    }
}
