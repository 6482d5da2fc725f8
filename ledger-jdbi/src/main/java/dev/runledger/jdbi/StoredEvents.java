package dev.runledger.jdbi;

import dev.runledger.jdbi.Session.Call;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Looks up, after a host's commit, which of its events are there.
 *
 * <p>On the host's own connection, since there may be no other: the pool may be empty, and on SQLite have one. With auto-commit off
 * the read begins a transaction, which on SQLite lets the next write fail once anybody else wrote, so it is ended again, unless the host
 * has written on the connection already.
 */
record StoredEvents(Tables tables, Dialect dialect, Session own, Connection connection) {
    private static final int AT_ONCE = 200;

    Set<String> stored(List<String> eventIds) {
        Call call = new Call("look up of events", "");
        try {
            if (connection.getAutoCommit()) {
                return new JoinedSession(connection).read(call, (handle, attempt) -> stored(handle, eventIds));
            }
            if (dialect == Dialect.SQLITE && !isUntouchedSqlite()) {
                return own.read(call, (handle, attempt) -> stored(handle, eventIds));
            }
            return new JoinedSession(connection).read(call, (handle, attempt) -> {
                boolean untouched = dialect == Dialect.SQLITE || isUntouchedPostgres(handle);
                try {
                    return stored(handle, eventIds);
                } finally {
                    if (untouched) {
                        endOfRead(); // a failed one too, after which PostgreSQL would take no statement of the host's
                    }
                }
            });
        } catch (SQLException gone) {
            throw Faults.unread(call, gone);
        }
    }

    private Set<String> stored(Handle handle, List<String> eventIds) {
        Set<String> stored = new HashSet<>();
        for (int from = 0; from < eventIds.size(); from += AT_ONCE) {
            List<String> some = eventIds.subList(from, Math.min(eventIds.size(), from + AT_ONCE));
            StringBuilder sql =
                    new StringBuilder("SELECT e.subject, e.seq FROM ${event} e WHERE (e.subject, e.seq) IN (");
            for (int i = 0; i < some.size(); i++) {
                sql.append(i == 0 ? "VALUES " : ", ")
                        .append("(:subject")
                        .append(i)
                        .append(", :seq")
                        .append(i)
                        .append(')');
            }
            Query query = handle.createQuery(tables.in(sql.append(')').toString()));
            Binder binder = new Binder(query, dialect);
            for (int i = 0; i < some.size(); i++) {
                EventKey key = EventKey.of(some.get(i));
                binder.text("subject" + i, key.subject()).number("seq" + i, key.seq());
            }
            query.map((row, context) -> new EventKey(row.getString(1), row.getLong(2)).eventId())
                    .forEach(stored::add);
        }
        return stored;
    }

    /**
     * Whether nothing was done on the connection since the commit: a checkpoint is refused in a transaction. This one does nothing,
     * and before SQLite 3.51, which does not know the word, no more than it can without waiting for anybody.
     */
    private boolean isUntouchedSqlite() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(NOOP)");
            return true;
        } catch (SQLException busy) {
            return false;
        }
    }

    /** Whether nothing was written on the connection since the commit. */
    private static boolean isUntouchedPostgres(Handle handle) {
        return handle.createQuery("SELECT pg_current_xact_id_if_assigned() IS NULL")
                .mapTo(Boolean.class)
                .one();
    }

    /** Ends the transaction that the look-up began. */
    private void endOfRead() {
        try {
            connection.rollback();
        } catch (SQLException gone) {
            // what the look-up found is known all the same, and who uses the connection next is told
        }
    }

    /** An event's id as its row has it: a refusal's has no version. */
    record EventKey(String subject, long seq) {
        static EventKey of(String eventId) {
            int colon = eventId.lastIndexOf(':');
            return colon < 0
                    ? new EventKey(eventId, 0)
                    : new EventKey(eventId.substring(0, colon), Long.parseLong(eventId.substring(colon + 1)));
        }

        String eventId() {
            return seq == 0 ? subject : subject + ':' + seq;
        }
    }
}
