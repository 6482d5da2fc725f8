package dev.runledger.benchmarks;

import java.util.Locale;

/** What is measured of a peer in one window. The CPU and the WAL are for each run, the times are those of a call. */
enum PeerMetric {
    RUNS("runs/s", ""),
    P50("p50", " µs"),
    P99("p99", " µs"),
    P999("p99.9", " µs"),
    CLIENT("client CPU", " µs"),
    SERVER("server CPU", " µs"),
    WAL("WAL", " bytes");

    private final String title;
    private final String unit;

    PeerMetric(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    String title() {
        return title;
    }

    String titleWithUnit() {
        return title + unit;
    }

    /** Returns the figure for a table; it is unavailable if it is no number. */
    static String figure(double value) {
        return Double.isNaN(value) ? "unavailable" : String.format(Locale.ROOT, "%.0f", value);
    }
}
