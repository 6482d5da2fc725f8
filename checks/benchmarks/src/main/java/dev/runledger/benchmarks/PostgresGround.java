package dev.runledger.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * PostgreSQL, with a new database for each window. The pages of the window before are written when it begins, and those that this one
 * changes first are written whole into the WAL while it settles, so that the WAL of a window is that of its runs.
 */
final class PostgresGround implements PeerGround {
    static final int POOL = 10;

    private final Map<String, Peer.Opener> peers = new LinkedHashMap<>();
    private final DurableServer server;
    private final String version;
    private final ServerUse use;
    private int windows;

    private PostgresGround(DurableServer server) throws IOException, SQLException {
        this.server = server;
        this.version = server.version();
        this.use = ServerUse.of(server);
        peers.put(FLOOR, JdbcPeer::on);
        peers.put(LEDGER, LedgerPeer::on);
        peers.put(LEDGER_ALONE, LedgerPeer::eachCallAlone);
        peers.put(LEDGER_OPERATED, LedgerPeer::operated);
        ServiceLoader.load(PeerProvider.class).forEach(other -> peers.put(other.name(), other::open));
    }

    static PostgresGround start() throws IOException, SQLException {
        return new PostgresGround(DurableServer.start());
    }

    @Override
    public String name() {
        return "PostgreSQL " + version;
    }

    @Override
    public List<String> peers() {
        return List.copyOf(peers.keySet());
    }

    @Override
    public List<PeerMetric> metrics() {
        return List.of(PeerMetric.values());
    }

    @Override
    public double[] window(String peer, int callers, int seconds) throws Exception {
        String database = "window_" + windows++;
        String url = server.newDatabase(database);
        double[] measured;
        Map<String, Long> evidence;
        try (HikariDataSource pool = pool(url);
                Peer opened = peers.get(peer).open(pool)) {
            long before = Callers.keep(opened, callers, SETTLE_SECONDS).runs();
            System.gc();
            ServerUse.Reading start = use.read();
            Callers.Kept kept = Callers.keep(opened, callers, seconds);
            ServerUse.Reading end = use.read();
            measured = kept.values();
            measured[PeerMetric.SERVER.ordinal()] = (end.cpuMicros() - start.cpuMicros()) / kept.runs();
            measured[PeerMetric.WAL.ordinal()] = (double) (end.walBytes() - start.walBytes()) / kept.runs();
            evidence = opened.evidence(before + kept.runs());
        }
        Evidence.check(peer, url, evidence);
        server.drop(database);
        return measured;
    }

    private static HikariDataSource pool(String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(POOL);
        return pool;
    }

    @Override
    public void close() throws SQLException, IOException {
        use.close();
        server.close();
    }
}
