package dev.runledger.faults;

import dev.runledger.faults.InterceptingDataSource.Call;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A connection of an {@link InterceptingDataSource}, and the statements that it makes. */
final class InterceptedConnection {
    private final InterceptingDataSource source;
    private final Connection real;
    private final Connection proxy;
    private final AtomicBoolean open = new AtomicBoolean(true);

    InterceptedConnection(InterceptingDataSource source, Connection real) {
        this.source = source;
        this.real = real;
        this.proxy = (Connection) proxy(Connection.class, this::onConnection);
        source.opened();
    }

    Connection proxy() {
        return proxy;
    }

    private Object onConnection(Object self, Method method, Object[] args) throws SQLException {
        switch (method.getName()) {
            case "equals":
                return self == args[0];
            case "commit":
            case "rollback":
                return source.end(real, method.getName(), () -> invoke(real, method, args));
            case "createStatement":
                return statement(method, (Statement) invoke(real, method, args), "");
            case "prepareStatement":
            case "prepareCall":
                source.given((String) args[0]);
                return statement(method, (Statement) invoke(real, method, args), (String) args[0]);
            case "close":
            case "abort":
                Object closed = invoke(real, method, args);
                if (open.getAndSet(false)) {
                    source.closed();
                }
                return closed;
            default:
                return invoke(real, method, args);
        }
    }

    private Object statement(Method factory, Statement statement, String prepared) {
        List<String> batch = new ArrayList<>();
        return proxy(factory.getReturnType(), (self, method, args) -> {
            String name = method.getName();
            if (name.equals("equals")) {
                return self == args[0];
            }
            if (name.equals("getConnection")) {
                return proxy;
            }
            String sql = args != null && args[0] instanceof String text ? text : prepared;
            boolean runs = name.startsWith("execute");
            if (sql != prepared && (runs || name.equals("addBatch"))) {
                source.given(sql);
            }
            if (name.equals("addBatch") || name.equals("clearBatch")) {
                note(batch, name, sql);
            }
            Call call = () -> invoke(statement, method, args);
            if (!runs) {
                return call.proceed();
            }
            return source.execute(real, name.endsWith("Batch") ? taken(batch, prepared) : sql, call);
        });
    }

    private static void note(List<String> batch, String name, String sql) {
        if (name.equals("clearBatch")) {
            batch.clear();
        } else {
            batch.add(sql);
        }
    }

    private static String taken(List<String> batch, String prepared) {
        String all = prepared.isEmpty() ? String.join("; ", batch) : prepared;
        batch.clear();
        return all;
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(InterceptedConnection.class.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private static Object invoke(Object target, Method method, Object[] args) throws SQLException {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof SQLException failed) {
                throw failed;
            }
            if (thrown.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            if (thrown.getCause() instanceof Error failed) {
                throw failed;
            }
            throw new IllegalStateException(thrown.getCause());
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible); // the methods are those of public interfaces
        }
    }
}
