package dev.runledger.testkit;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether a transaction is open on a connection: from {@code setAutoCommit(false)}, or from the first statement on a connection that
 * came without auto-commit, to the commit or the rollback. After a commit a look-up opens none, since a store looks up that way what was
 * kept; a statement that writes or locks does. The connection is in use until it is closed or commits each statement by itself.
 */
final class WatchedConnection implements InvocationHandler {
    private static final Pattern WRITES_OR_LOCKS =
            Pattern.compile("\\b(insert|update|delete|merge|replace|create|alter|drop|truncate|call|lock)\\b");

    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|--[^\\n]*");

    /** What a batch of plain statements is taken for: nobody makes one to look something up. */
    private static final String BATCH = "update";

    private final Connection connection;
    private final OpenTransactions transactions;
    private boolean ended;

    private WatchedConnection(Connection connection, OpenTransactions transactions) {
        this.connection = connection;
        this.transactions = transactions;
    }

    static Connection of(Connection connection, OpenTransactions transactions) {
        return proxy(Connection.class, new WatchedConnection(connection, transactions));
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** Makes the call on the target; what it throws is thrown as it is. */
    static @Nullable Object call(Object target, Method method, Object @Nullable [] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() == null ? thrown : thrown.getCause();
        }
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
        return switch (method.getName()) {
            case "equals" -> args != null && proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "setAutoCommit" -> {
                boolean was = connection.getAutoCommit();
                call(connection, method, args);
                autoCommit(was);
                yield null;
            }
            case "commit" -> {
                call(connection, method, args);
                end();
                yield null;
            }
            case "close", "abort" -> {
                call(connection, method, args);
                release();
                yield null;
            }
            case "rollback" -> {
                call(connection, method, args);
                if (args == null || !(args[0] instanceof Savepoint)) {
                    end();
                }
                yield null;
            }
            default -> watched((Connection) proxy, call(connection, method, args), args);
        };
    }

    private void autoCommit(boolean was) throws SQLException {
        boolean now = connection.getAutoCommit();
        if (now) {
            release();
        } else if (was) {
            transactions.begin(this);
        }
    }

    private void end() {
        ended = true;
        transactions.end(this);
    }

    private void release() {
        ended = true;
        transactions.release(this);
    }

    private @Nullable Object watched(Connection proxy, @Nullable Object answer, Object @Nullable [] args) {
        String sql = args != null && args.length > 0 && args[0] instanceof String text ? text : "";
        if (answer instanceof CallableStatement statement) {
            return proxy(CallableStatement.class, new WatchedStatement(proxy, statement, sql));
        }
        if (answer instanceof PreparedStatement statement) {
            return proxy(PreparedStatement.class, new WatchedStatement(proxy, statement, sql));
        }
        return answer instanceof Statement statement
                ? proxy(Statement.class, new WatchedStatement(proxy, statement, sql))
                : answer;
    }

    private void executed(String sql) throws SQLException {
        transactions.use(this);
        String statement = COMMENT.matcher(sql).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
        if (statement.startsWith("begin") || statement.startsWith("start transaction")) {
            transactions.begin(this);
        } else if (statement.startsWith("commit")
                || statement.matches("end\\b.*")
                || (statement.startsWith("rollback") && !statement.contains(" to "))) {
            end();
        } else if (!transactions.isOpen(this)
                && !connection.isClosed()
                && !connection.getAutoCommit()
                && (!ended || WRITES_OR_LOCKS.matcher(statement).find())) {
            transactions.begin(this);
        }
    }

    /** Reports when a statement of this connection is executed. */
    private final class WatchedStatement implements InvocationHandler {
        private final Connection owner;
        private final Statement statement;
        private final String prepared;

        WatchedStatement(Connection owner, Statement statement, String prepared) {
            this.owner = owner;
            this.statement = statement;
            this.prepared = prepared;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
            return switch (method.getName()) {
                case "equals" -> args != null && proxy == args[0];
                case "hashCode" -> System.identityHashCode(proxy);
                case "getConnection" -> owner;
                default -> {
                    Object answer = call(statement, method, args);
                    if (method.getName().startsWith("execute")) {
                        executed(sql(args));
                    }
                    yield answer;
                }
            };
        }

        private String sql(Object @Nullable [] args) {
            if (args != null && args.length > 0 && args[0] instanceof String sql) {
                return sql;
            }
            return prepared.isEmpty() ? BATCH : prepared;
        }
    }
}
