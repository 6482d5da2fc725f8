package dev.runledger.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Counts what a caller asks of the database, and keeps every text of SQL that it gives, so that a test can hold a number
 * of round trips and look for a value that was written into the text.
 *
 * <p>It sees the calls of JDBC. What a driver does by itself, such as a second trip for a long result, is seen by
 * {@link TcpProxy#replies()} only.
 */
public final class CountingDataSource extends InterceptingDataSource {
    private final AtomicInteger executions = new AtomicInteger();
    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicInteger rollbacks = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> statements = new CopyOnWriteArrayList<>();

    public CountingDataSource(DataSource target) {
        super(target);
    }

    @Override
    protected Object execute(Connection real, String sql, Call call) throws SQLException {
        executions.incrementAndGet();
        return call.proceed();
    }

    @Override
    protected Object end(Connection real, String commitOrRollback, Call call) throws SQLException {
        (commitOrRollback.equals("commit") ? commits : rollbacks).incrementAndGet();
        return call.proceed();
    }

    @Override
    protected void given(String sql) {
        statements.add(sql);
    }

    @Override
    protected void opened() {
        open.incrementAndGet();
        connections.incrementAndGet();
    }

    @Override
    protected void closed() {
        open.decrementAndGet();
    }

    /** Counts the statements executed; a batch is one. */
    public int executions() {
        return executions.get();
    }

    public int commits() {
        return commits.get();
    }

    public int rollbacks() {
        return rollbacks.get();
    }

    /** Counts executions and the explicit ends of transactions, which JDBC allows only when auto-commit is off. */
    public int roundTrips() {
        return executions() + commits() + rollbacks();
    }

    /** Returns every text given to prepare, to execute or to add to a batch, in order. */
    public List<String> statements() {
        return List.copyOf(statements);
    }

    /** Counts the connections given out since it was made. */
    public int connections() {
        return connections.get();
    }

    /** Counts the connections given out and not yet closed. */
    public int open() {
        return open.get();
    }

    /** Forgets the counts and the texts; connections that are open stay counted. */
    public void reset() {
        executions.set(0);
        commits.set(0);
        rollbacks.set(0);
        statements.clear();
    }
}
