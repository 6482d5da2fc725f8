package dev.runledger.benchmarks;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;

/** A data source that notes what is sent through it: the text of each statement, what is bound where, how each column is read. */
final class Recording {
    private static final Set<String> READ = Set.of("getString", "getLong", "getBoolean", "getObject");
    private static final Set<String> BOUND = Set.of("setString", "setLong", "setBoolean", "setObject", "setNull");

    private final DataSource real;
    private final List<Sent> sent = new ArrayList<>();

    Recording(DataSource real) {
        this.real = real;
    }

    /**
     * A statement.
     *
     * @param prepared whether it was prepared; else it was executed as it stands
     * @param bound what was bound, by position
     * @param read how the columns of a row were read, by position
     */
    record Sent(String sql, boolean prepared, TreeMap<Integer, Argument> bound, TreeMap<Integer, Argument> read) {
        Sent(String sql, boolean prepared) {
            this(sql, prepared, new TreeMap<>(), new TreeMap<>());
        }
    }

    /** A method of JDBC with what comes after the position. */
    record Argument(String method, List<Object> values) {}

    DataSource source() {
        return proxy(DataSource.class, (self, method, arguments) -> {
            Object result = invoke(real, method, arguments);
            return result instanceof Connection connection ? proxy(Connection.class, connection(connection)) : result;
        });
    }

    /** Returns what this step sends. */
    List<Sent> sentBy(Runnable step) {
        sent.clear();
        step.run();
        return List.copyOf(sent);
    }

    private InvocationHandler connection(Connection connection) {
        return (self, method, arguments) -> {
            Object result = invoke(connection, method, arguments);
            if (result instanceof PreparedStatement statement) {
                Sent one = new Sent((String) arguments[0], true);
                sent.add(one);
                return proxy(PreparedStatement.class, statement(statement, one));
            }
            return result instanceof Statement statement ? proxy(Statement.class, statement(statement, null)) : result;
        };
    }

    private InvocationHandler statement(Statement statement, Sent prepared) {
        return (self, method, arguments) -> {
            Object result = invoke(statement, method, arguments);
            if (prepared == null) {
                if (method.getName().startsWith("execute")) {
                    sent.add(new Sent((String) arguments[0], false));
                }
            } else if (BOUND.contains(method.getName())) {
                prepared.bound().put((Integer) arguments[0], argument(method, arguments));
            }
            return result instanceof ResultSet rows && prepared != null
                    ? proxy(ResultSet.class, rows(rows, prepared))
                    : result;
        };
    }

    private static InvocationHandler rows(ResultSet rows, Sent prepared) {
        return (self, method, arguments) -> {
            if (READ.contains(method.getName()) && arguments[0] instanceof Integer column) {
                prepared.read().put(column, argument(method, arguments));
            }
            return invoke(rows, method, arguments);
        };
    }

    private static Argument argument(Method method, Object[] arguments) {
        return new Argument(method.getName(), Arrays.asList(arguments).subList(1, arguments.length));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
