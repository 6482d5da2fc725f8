package dev.runledger.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteJDBCLoader;

/** SQLite, with a new file for each window. The peers are plain JDBC on one connection, and the ledger. */
final class SqliteGround implements PeerGround {
    private final Path folder;
    private int windows;

    private SqliteGround(Path folder) {
        this.folder = folder;
    }

    static SqliteGround start() throws IOException {
        return new SqliteGround(Files.createTempDirectory("ledger-benchmark-"));
    }

    @Override
    public String name() {
        return "SQLite " + SQLiteJDBCLoader.getVersion();
    }

    @Override
    public List<String> peers() {
        return List.of(FLOOR, LEDGER, LEDGER_ALONE, LEDGER_OPERATED);
    }

    @Override
    public List<PeerMetric> metrics() {
        return List.of(PeerMetric.RUNS, PeerMetric.P50, PeerMetric.P99, PeerMetric.P999, PeerMetric.CLIENT);
    }

    @Override
    public double[] window(String peer, int callers, int seconds) throws Exception {
        Path file = folder.resolve("window_" + windows++);
        String url = "jdbc:sqlite:" + file;
        double[] measured;
        Map<String, Long> evidence;
        try (Peer opened = opened(peer, file, url)) {
            long before = Callers.keep(opened, callers, SETTLE_SECONDS).runs();
            System.gc();
            Callers.Kept kept = Callers.keep(opened, callers, seconds);
            measured = kept.values();
            evidence = opened.evidence(before + kept.runs());
        }
        Evidence.check(peer, url, evidence);
        Files.delete(file);
        return measured;
    }

    private static Peer opened(String peer, Path file, String url) throws SQLException {
        return switch (peer) {
            case FLOOR -> SqlitePeer.on(url);
            case LEDGER -> LedgerPeer.on(file);
            case LEDGER_OPERATED -> LedgerPeer.operated(file);
            case LEDGER_ALONE -> LedgerPeer.eachCallAlone(file);
            default -> throw new IllegalArgumentException(peer);
        };
    }

    /** Returns the kind of file system that the files are on. */
    String files() throws IOException {
        return Files.getFileStore(folder).type();
    }

    @Override
    public void close() throws IOException {
        Folders.delete(folder);
    }
}
