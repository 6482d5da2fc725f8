package dev.runledger.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Looks up which events are there after a commit of the application.
 *
 * <p>It uses the connection that committed, since there may be no other: the pool may be empty, and on SQLite have only one. With
 * auto-commit off the read begins a transaction. On SQLite the next write in it would fail once another connection has written, so the
 * transaction is ended again, unless the application has already done something else on the connection.
 */
record StoredEvents(Tables tables, Database database, Session own, Connection connection, CallBudget budget) {
    private static final int AT_ONCE = 200;

    Set<String> stored(List<String> eventIds) {
        CallName call = CallName.of("look up of events");
        try {
            Session here = new JoinedSession(connection, budget);
            if (connection.getAutoCommit()) {
                return here.read(call, handle -> stored(handle, eventIds));
            }
            boolean untouched = !OpenTransaction.isOn(connection, database);
            if (database == Database.SQLITE && !untouched) {
                return own.read(call, handle -> stored(handle, eventIds));
            }
            try {
                return here.read(call, handle -> stored(handle, eventIds));
            } finally {
                if (untouched) {
                    endOfRead(); // after a failed read too, or PostgreSQL would take no further statement
                }
            }
        } catch (SQLException gone) {
            throw SqlErrors.failedRead(call, gone);
        }
    }

    private Set<String> stored(Handle handle, List<String> eventIds) {
        Set<String> stored = new HashSet<>();
        for (int from = 0; from < eventIds.size(); from += AT_ONCE) {
            List<String> some = eventIds.subList(from, Math.min(eventIds.size(), from + AT_ONCE));
            Query query = handle.createQuery(tables.in(sql(some.size())));
            Binder binder = Binder.of(query, database);
            for (int i = 0; i < some.size(); i++) {
                EventKey key = EventKey.of(some.get(i));
                binder.text("subject" + i, key.subject()).number("seq" + i, key.seq());
            }
            query.map((row, context) -> new EventKey(row.getString(1), row.getLong(2)).eventId())
                    .forEach(stored::add);
        }
        return stored;
    }

    /** Returns a query for so many events, each of a run or of a task or a refusal: an id does not say which. */
    private static String sql(int events) {
        String asked = IntStream.range(0, events)
                .mapToObj(i -> "(:subject%s, :seq%s)".formatted(i, i))
                .collect(Collectors.joining(", ", "WITH asked (subject, seq) AS (VALUES ", ") "));
        return asked + "SELECT e.run_id, e.seq FROM asked a JOIN ${event} e ON e.run_id = a.subject AND e.task_id = ''"
                + " AND e.seq = a.seq UNION ALL SELECT e.task_id, e.seq FROM asked a JOIN ${task} t ON t.id = a.subject"
                + " JOIN ${event} e ON e.run_id = t.run_id AND e.task_id = t.id AND e.seq = a.seq"
                + " UNION ALL SELECT f.id, 0 FROM asked a JOIN ${refusal} f ON f.id = a.subject WHERE a.seq = 0";
    }

    /** Ends the transaction that the look-up began. */
    private void endOfRead() {
        try {
            connection.rollback();
        } catch (SQLException gone) {
            // the answer is known all the same, and the next statement on the connection will fail
        }
    }

    /** The id of an event as its row has it: a refusal has no version. */
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
