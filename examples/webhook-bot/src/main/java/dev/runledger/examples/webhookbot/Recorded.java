package dev.runledger.examples.webhookbot;

/** What a line of a recording is: a delivery, or a line that holds none. */
sealed interface Recorded permits Delivery, Recorded.BrokenLine {
    /**
     * A line that is no delivery.
     *
     * @param number which line, from 1
     */
    record BrokenLine(int number) implements Recorded {}
}
