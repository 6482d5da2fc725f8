package dev.runledger.benchmarks;

import java.util.Map;
import javax.sql.DataSource;

/** A way to keep runs in a database. Many callers use one at once. */
interface Peer extends AutoCloseable {
    /** Keeps one run: requests it, takes it up, ends it. Each call returns when its change is durable, and is a lap. */
    void keep(Laps laps) throws Exception;

    /** Returns queries for what this many runs leave in the database, each with the number that it has to return. */
    Map<String, Long> evidence(long runs);

    /** Opens a peer, and makes its tables. */
    @FunctionalInterface
    interface Opener {
        Peer open(DataSource pool) throws Exception;
    }
}
