package com.example.imports;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** The table of exports, on a connection of the caller's. */
final class ExportTable {
    static final String DDL = "CREATE TABLE IF NOT EXISTS export_run (id TEXT PRIMARY KEY, customer TEXT NOT NULL,"
            + " state TEXT NOT NULL, version INTEGER NOT NULL, execution INTEGER NOT NULL, queued_at INTEGER NOT NULL, started_at INTEGER,"
            + " held_at INTEGER, queue_wait INTEGER NOT NULL, suspended INTEGER NOT NULL)";

    private ExportTable() {}

    static boolean isBusyFor(Connection connection, String customer) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT 1 FROM export_run WHERE customer = ? AND state IN ('QUEUED', 'RUNNING', 'HELD')")) {
            query.setString(1, customer);
            return query.executeQuery().next();
        }
    }

    static ExportRow find(Connection connection, String id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT * FROM export_run WHERE id = ?")) {
            query.setString(1, id);
            ResultSet row = query.executeQuery();
            return new ExportRow(
                    row.getString("id"),
                    row.getString("customer"),
                    row.getString("state"),
                    row.getInt("version"),
                    row.getInt("execution"),
                    instant(row, "queued_at"),
                    instant(row, "started_at"),
                    instant(row, "held_at"),
                    Duration.ofMillis(row.getLong("queue_wait")),
                    Duration.ofMillis(row.getLong("suspended")));
        }
    }

    static void save(Connection connection, ExportRow row) throws SQLException {
        try (PreparedStatement save = connection.prepareStatement(
                "INSERT OR REPLACE INTO export_run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            save.setString(1, row.id());
            save.setString(2, row.customer());
            save.setString(3, row.state());
            save.setInt(4, row.version());
            save.setInt(5, row.execution());
            save.setObject(6, millis(row.queuedAt()));
            save.setObject(7, millis(row.startedAt()));
            save.setObject(8, millis(row.heldAt()));
            save.setLong(9, row.queueWait().toMillis());
            save.setLong(10, row.suspended().toMillis());
            save.executeUpdate();
        }
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static Long millis(Instant at) {
        return at == null ? null : at.toEpochMilli();
    }
}
