package dev.runledger.testkit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Gives out connections that report when a transaction is open on them. Everything else is passed on to the data source. */
final class WatchedDataSource implements InvocationHandler {
    private final DataSource dataSource;
    private final OpenTransactions transactions;

    private WatchedDataSource(DataSource dataSource, OpenTransactions transactions) {
        this.dataSource = dataSource;
        this.transactions = transactions;
    }

    static DataSource of(DataSource dataSource, OpenTransactions transactions) {
        return WatchedConnection.proxy(DataSource.class, new WatchedDataSource(dataSource, transactions));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
        if (method.getName().equals("equals")) {
            return args != null && proxy == args[0];
        }
        Object answer = WatchedConnection.call(dataSource, method, args);
        return answer instanceof Connection connection ? WatchedConnection.of(connection, transactions) : answer;
    }
}
