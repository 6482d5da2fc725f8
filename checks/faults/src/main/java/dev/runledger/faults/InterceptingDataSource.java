package dev.runledger.faults;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A data source in which every execution of a statement and every end of a transaction goes through one method, so that
 * a fault is put in at one place. It sits above a pool or below it.
 */
public abstract class InterceptingDataSource implements DataSource {
    /** What the caller asked for, still to be done. */
    public interface Call {
        Object proceed() throws SQLException;
    }

    private final DataSource target;

    public InterceptingDataSource(DataSource target) {
        this.target = target;
    }

    /** Called for each execution, a batch being one; the text is the prepared one if the statement was prepared. */
    protected Object execute(Connection real, String sql, Call call) throws SQLException {
        return call.proceed();
    }

    /** Called for each {@code commit} and {@code rollback} of the caller. */
    protected Object end(Connection real, String commitOrRollback, Call call) throws SQLException {
        return call.proceed();
    }

    /** Called for each text of SQL that the driver is given, to prepare or to execute. */
    protected void given(String sql) {}

    protected void opened() {}

    /** Called after a connection was given back. */
    protected void closed() throws SQLException {}

    @Override
    public Connection getConnection() throws SQLException {
        return new InterceptedConnection(this, target.getConnection()).proxy();
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return new InterceptedConnection(this, target.getConnection(username, password)).proxy();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return target.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        target.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        target.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return target.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : target.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || target.isWrapperFor(type);
    }
}
