package dev.runledger.benchmarks;

import dev.runledger.benchmarks.Recording.Argument;
import dev.runledger.benchmarks.Recording.Sent;
import dev.runledger.store.RunStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * The floor: what the store sends, word for word, prepared for each call and bound and read with plain JDBC. Nothing is made of the
 * columns that come back.
 *
 * <p>Two lives are recorded, and what differs between them is what a life brings of its own: its id, the id of each call, the time.
 */
final class ByHand implements Life {
    private final Connections connections;
    private final List<List<Prepared>> calls;

    private ByHand(Connections connections, List<List<Prepared>> calls) {
        this.connections = connections;
        this.calls = calls;
    }

    /** Where a call gets its connection. */
    @FunctionalInterface
    interface Connections {
        void use(Work work) throws SQLException;

        /** What is done on one. */
        @FunctionalInterface
        interface Work {
            void on(Connection connection) throws SQLException;
        }
    }

    /** What is particular to a call. */
    private record Call(String id, String callId, long micros) {}

    /** Binds the value of one place. */
    private interface Slot {
        void bind(PreparedStatement statement, int position, Call call) throws SQLException;
    }

    /** Reads one column. */
    private interface Column {
        Object read(ResultSet row, int position) throws SQLException;
    }

    private record Prepared(String sql, boolean prepared, Slot[] slots, Column[] columns) {}

    /** Records two lives in the store, and repeats what it sent. */
    static ByHand as(RunStore store, Recording recording, Connections connections, String first, String second) {
        List<List<Sent>> ones =
                Life.steps(store, first).stream().map(recording::sentBy).toList();
        List<List<Sent>> others =
                Life.steps(store, second).stream().map(recording::sentBy).toList();
        List<List<Prepared>> calls = new ArrayList<>();
        for (int call = 0; call < ones.size(); call++) {
            List<Prepared> statements = new ArrayList<>();
            for (int i = 0; i < ones.get(call).size(); i++) {
                statements.add(prepared(ones.get(call).get(i), others.get(call).get(i), first, second));
            }
            calls.add(statements);
        }
        return new ByHand(connections, calls);
    }

    private static Prepared prepared(Sent one, Sent other, String first, String second) {
        if (!one.sql().equals(other.sql())
                || one.bound().size() != other.bound().size()
                || IntStream.rangeClosed(1, one.bound().size())
                        .anyMatch(position -> !one.bound().containsKey(position))
                || IntStream.rangeClosed(1, one.read().size())
                        .anyMatch(position -> !one.read().containsKey(position))) {
            throw new IllegalStateException("two lives differ: " + one + " and " + other);
        }
        return new Prepared(
                one.sql(),
                one.prepared(),
                one.bound().keySet().stream()
                        .map(position ->
                                slot(one.bound().get(position), other.bound().get(position), first, second))
                        .toArray(Slot[]::new),
                one.read().values().stream().map(ByHand::column).toArray(Column[]::new));
    }

    private static Slot slot(Argument one, Argument other, String first, String second) {
        Object value = one.values().get(0);
        if (one.equals(other)) {
            return switch (one.method()) {
                case "setString" -> (statement, position, call) -> statement.setString(position, (String) value);
                case "setLong" -> (statement, position, call) -> statement.setLong(position, (Long) value);
                case "setBoolean" -> (statement, position, call) -> statement.setBoolean(position, (Boolean) value);
                case "setNull" -> (statement, position, call) -> statement.setNull(position, (Integer) value);
                default -> throw new IllegalStateException("no value of a life: " + one);
            };
        }
        if (value instanceof String text) {
            if (!text.contains(first)) {
                return (statement, position, call) -> statement.setString(position, call.callId());
            }
            String before = text.substring(0, text.indexOf(first));
            if (other.values().get(0).equals(before + second)) {
                return before.isEmpty()
                        ? (statement, position, call) -> statement.setString(position, call.id())
                        : (statement, position, call) -> statement.setString(position, before + call.id());
            }
        } else if (one.method().equals("setLong")) {
            return (statement, position, call) -> statement.setLong(position, call.micros());
        }
        throw new IllegalStateException("no value of a life: " + one + " and " + other);
    }

    private static Column column(Argument read) {
        return switch (read.method()) {
            case "getString" -> ResultSet::getString;
            case "getLong" -> ResultSet::getLong;
            case "getBoolean" -> ResultSet::getBoolean;
            default -> (row, position) -> row.getObject(position, OffsetDateTime.class);
        };
    }

    @Override
    public void live(String id) throws SQLException {
        for (List<Prepared> call : calls) {
            Call values = new Call(
                    id,
                    Long.toHexString(ThreadLocalRandom.current().nextLong()),
                    ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
            connections.use(connection -> {
                for (Prepared statement : call) {
                    send(connection, statement, values);
                }
            });
        }
    }

    private static void send(Connection connection, Prepared what, Call call) throws SQLException {
        if (!what.prepared()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(what.sql());
            }
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(what.sql())) {
            for (int i = 0; i < what.slots().length; i++) {
                what.slots()[i].bind(statement, i + 1, call);
            }
            if (statement.execute()) {
                read(statement, what.columns());
            }
        }
    }

    private static void read(PreparedStatement statement, Column[] columns) throws SQLException {
        try (ResultSet row = statement.getResultSet()) {
            if (!row.next()) {
                throw new IllegalStateException("no row");
            }
            int there = 0;
            for (int i = 0; i < columns.length; i++) {
                if (columns[i].read(row, i + 1) != null) {
                    there++;
                }
            }
            if (there == 0) {
                throw new IllegalStateException("an empty row");
            }
        }
    }
}
