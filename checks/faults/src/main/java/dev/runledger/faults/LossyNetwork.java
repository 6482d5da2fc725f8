package dev.runledger.faults;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/** The pool of an application on a new database, and the network between, which loses the reply to one command that the server did. */
public final class LossyNetwork extends InterceptingDataSource implements AutoCloseable {
    /** Called when the application asks for another connection. */
    public interface Reconnect {
        void happens() throws SQLException;
    }

    private static final Reconnect NOTHING = () -> {};

    private final TcpProxy proxy;
    private final HikariDataSource pool;
    private final String url;
    private long cutsBefore;
    private volatile Reconnect reconnect = NOTHING;

    private LossyNetwork(TcpProxy proxy, HikariDataSource pool, String url) {
        super(pool);
        this.proxy = proxy;
        this.pool = pool;
        this.url = url;
    }

    public static LossyNetwork before(DurablePostgres server, boolean autoCommit) {
        String url = server.newDatabase();
        TcpProxy proxy = new TcpProxy("127.0.0.1", server.port());
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url.replace(":" + server.port() + "/", ":" + proxy.port() + "/") + "&socketTimeout=10");
        config.setMaximumPoolSize(2);
        config.setAutoCommit(autoCommit);
        return new LossyNetwork(proxy, new HikariDataSource(config), url);
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (proxy.cuts() > cutsBefore) {
            reconnect.happens();
        }
        return super.getConnection();
    }

    /** Loses the next reply; the next connection that is asked for is given. */
    public void loseReply() {
        loseReplyAnd(NOTHING);
    }

    /** Loses the next reply, and gives no connection any more until {@link #well()}. */
    public void loseReplyAndAllElse() {
        loseReplyAnd(() -> {
            throw new SQLException("no network", "08001");
        });
    }

    /** Loses the next reply, and runs this before it gives the next connection. */
    public void loseReplyAnd(Reconnect meanwhile) {
        cutsBefore = proxy.cuts();
        reconnect = meanwhile;
        proxy.dropNextReply();
    }

    /** Loses the next reply to a COMMIT. */
    public void loseCommitReply() {
        cutsBefore = proxy.cuts();
        reconnect = NOTHING;
        proxy.dropCommitReply();
    }

    public void well() {
        reconnect = NOTHING;
        proxy.pass();
    }

    /** Returns whether the reply has been lost. */
    public boolean hasLost() {
        return proxy.cuts() == cutsBefore + 1;
    }

    /** Returns the URL of the database, past the proxy. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        pool.close();
        proxy.close();
    }
}
