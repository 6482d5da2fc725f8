package dev.runledger.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The floor on SQLite: one connection behind one lock, statements that stay prepared, a table of ten columns and one of events. A call is
 * one transaction of two statements, since SQLite changes no two tables in one. Times are microseconds.
 */
final class SqlitePeer implements Peer {
    private static final String[] SETUP = {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", """
        CREATE TABLE floor_run (
            id text PRIMARY KEY,
            workflow text NOT NULL,
            target text NOT NULL,
            delivery_id text,
            state text NOT NULL,
            reason text,
            queued_at integer NOT NULL,
            started_at integer,
            ended_at integer,
            duration_ms integer) WITHOUT ROWID""", """
        CREATE TABLE floor_event (
            run_id text NOT NULL,
            seq integer NOT NULL,
            type text NOT NULL,
            state text NOT NULL,
            at integer NOT NULL,
            duration_ms integer,
            reason text,
            PRIMARY KEY (run_id, seq)) WITHOUT ROWID"""};

    private final OrderedIds ids = new OrderedIds();
    private final Lock writer = new ReentrantLock();
    private final Connection connection;
    private final PreparedStatement queue;
    private final PreparedStatement start;
    private final PreparedStatement succeed;
    private final PreparedStatement event;

    private SqlitePeer(Connection connection) throws SQLException {
        this.connection = connection;
        queue = connection.prepareStatement("""
                INSERT INTO floor_run (id, workflow, target, delivery_id, state, queued_at)
                VALUES (?, ?, ?, ?, 'QUEUED', ?)""");
        start = connection.prepareStatement(
                "UPDATE floor_run SET state = 'RUNNING', started_at = ? WHERE id = ? AND state = 'QUEUED'");
        succeed = connection.prepareStatement("""
                UPDATE floor_run SET state = 'SUCCEEDED', ended_at = ?, duration_ms = ?, reason = ?
                WHERE id = ? AND state = 'RUNNING'""");
        event = connection.prepareStatement(
                "INSERT INTO floor_event (run_id, seq, type, state, at, duration_ms, reason) VALUES (?, ?, ?, ?, ?, ?, ?)");
    }

    static SqlitePeer on(String url) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        try (Statement statement = connection.createStatement()) {
            for (String sql : SETUP) {
                statement.execute(sql);
            }
        }
        connection.setAutoCommit(false);
        return new SqlitePeer(connection);
    }

    @Override
    public void keep(Laps laps) throws SQLException {
        Requested requested = Requested.next();
        laps.start();
        String id = ids.next().toString();
        long queued = now();
        call(
                queue,
                new Object[] {id, requested.workflow(), requested.target(), requested.deliveryId(), queued},
                new Object[] {id, 1, "workflow.run.queued", "QUEUED", queued, null, null});
        laps.lap();
        long started = now();
        call(start, new Object[] {started, id}, new Object[] {
            id, 2, "workflow.run.started", "RUNNING", started, null, null
        });
        laps.lap();
        long ended = now();
        call(succeed, new Object[] {ended, (ended - started) / 1000, "completed", id}, new Object[] {
            id, 3, "workflow.run.succeeded", ended, "completed"
        });
        laps.lap();
    }

    private static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    private void call(PreparedStatement change, Object[] values, Object[] eventValues) throws SQLException {
        writer.lock();
        try {
            one(change, values);
            one(event, eventValues);
            connection.commit();
        } finally {
            writer.unlock();
        }
    }

    private static void one(PreparedStatement statement, Object[] values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        if (statement.executeUpdate() != 1) {
            throw new IllegalStateException("no row: " + statement);
        }
    }

    @Override
    public Map<String, Long> evidence(long runs) {
        return JdbcPeer.stored(runs);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
