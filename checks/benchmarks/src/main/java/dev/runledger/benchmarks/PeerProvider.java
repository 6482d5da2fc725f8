package dev.runledger.benchmarks;

import javax.sql.DataSource;

/**
 * Opens a peer that is another library. Found by {@link java.util.ServiceLoader}, since these libraries are on the class path under the
 * profile {@code benchmarks} alone.
 */
public interface PeerProvider {
    /** Returns the name in the tables. */
    String name();

    /** Opens it as its users do, with its own tables. The caller closes the pool. */
    Peer open(DataSource pool) throws Exception;
}
