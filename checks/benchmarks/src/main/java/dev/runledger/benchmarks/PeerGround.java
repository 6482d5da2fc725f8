package dev.runledger.benchmarks;

import java.util.List;

/** A database on which peers are compared. */
interface PeerGround extends AutoCloseable {
    /** A second before each window, by the callers of the window: the pool, the statements and the pages settle. */
    int SETTLE_SECONDS = 4;

    /** The peer that all are compared with: plain JDBC. */
    String FLOOR = "jdbc";

    String LEDGER = "ledger";

    /** The ledger without group commit. */
    String LEDGER_ALONE = "ledger, each call alone";

    /** The ledger, with operations. */
    String LEDGER_OPERATED = "ledger, with operations";

    /** Returns the name and version of the database. */
    String name();

    /** Returns the peers, the floor first. */
    List<String> peers();

    /** Returns what is measured here. */
    List<PeerMetric> metrics();

    /**
     * Measures a peer on empty tables of its own, and throws unless what it did is in the database afterwards.
     *
     * @return the values, by {@link PeerMetric#ordinal()}
     */
    double[] window(String peer, int callers, int seconds) throws Exception;
}
