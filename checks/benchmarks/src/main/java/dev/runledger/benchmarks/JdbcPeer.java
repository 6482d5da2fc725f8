package dev.runledger.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** The floor on PostgreSQL: a table of ten columns and one of events. A call is one statement, which changes the state and adds the event. */
final class JdbcPeer implements Peer {
    private static final String TABLES = """
            CREATE TABLE floor_run (
                id uuid PRIMARY KEY,
                workflow text NOT NULL,
                target text NOT NULL,
                delivery_id text,
                state text NOT NULL,
                reason text,
                queued_at timestamptz NOT NULL,
                started_at timestamptz,
                ended_at timestamptz,
                duration_ms bigint);
            CREATE TABLE floor_event (
                run_id uuid NOT NULL,
                seq smallint NOT NULL,
                type text NOT NULL,
                state text NOT NULL,
                at timestamptz NOT NULL,
                duration_ms bigint,
                reason text,
                PRIMARY KEY (run_id, seq))""";

    private static final String QUEUE = """
            WITH changed AS (
                INSERT INTO floor_run (id, workflow, target, delivery_id, state, queued_at)
                VALUES (?, ?, ?, ?, 'QUEUED', ?)
                RETURNING id, state, queued_at)
            INSERT INTO floor_event (run_id, seq, type, state, at)
            SELECT id, 1, 'workflow.run.queued', state, queued_at FROM changed""";

    private static final String START = """
            WITH changed AS (
                UPDATE floor_run SET state = 'RUNNING', started_at = ?
                WHERE id = ? AND state = 'QUEUED'
                RETURNING id, state, started_at)
            INSERT INTO floor_event (run_id, seq, type, state, at)
            SELECT id, 2, 'workflow.run.started', state, started_at FROM changed""";

    private static final String SUCCEED = """
            WITH changed AS (
                UPDATE floor_run SET state = 'SUCCEEDED', ended_at = ?, duration_ms = ?, reason = ?
                WHERE id = ? AND state = 'RUNNING'
                RETURNING id, state, ended_at, duration_ms, reason)
            INSERT INTO floor_event (run_id, seq, type, state, at, duration_ms, reason)
            SELECT id, 3, 'workflow.run.succeeded', state, ended_at, duration_ms, reason FROM changed""";

    private final OrderedIds ids = new OrderedIds();
    private final DataSource pool;

    private JdbcPeer(DataSource pool) {
        this.pool = pool;
    }

    static JdbcPeer on(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
        }
        return new JdbcPeer(pool);
    }

    @Override
    public void keep(Laps laps) throws SQLException {
        Requested requested = Requested.next();
        laps.start();
        UUID id = ids.next();
        call(QUEUE, id, requested.workflow(), requested.target(), requested.deliveryId(), now());
        laps.lap();
        OffsetDateTime started = now();
        call(START, started, id);
        laps.lap();
        OffsetDateTime ended = now();
        call(SUCCEED, ended, started.until(ended, ChronoUnit.MILLIS), "completed", id);
        laps.lap();
    }

    private static OffsetDateTime now() {
        return OffsetDateTime.now(ZoneOffset.UTC);
    }

    private void call(String sql, Object... values) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("no event: " + sql);
            }
        }
    }

    @Override
    public Map<String, Long> evidence(long runs) {
        return stored(runs);
    }

    /** Returns what a floor has in its tables after so many runs. */
    static Map<String, Long> stored(long runs) {
        return Map.of(
                "SELECT count(*) FROM floor_run WHERE state = 'SUCCEEDED'",
                runs,
                "SELECT count(*) FROM floor_event",
                runs * Life.TRANSITIONS);
    }

    @Override
    public void close() {}
}
