package dev.runledger.jdbi;

import dev.runledger.store.StoreException.Certainty;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Works on the connection of a transaction of the application that was just committed, since the application may still hold it and there
 * may be no other: the pool may be empty, and on SQLite have only one. Each write is a transaction of its own, and auto-commit is
 * afterwards as it was. If the application has already done something else on the connection, which must not be committed here, it works
 * on a connection of the store.
 *
 * @param connection the connection that committed
 * @param own the session of the store
 * @param budget the budget of each call
 */
record CommittedSession(Connection connection, Database database, Session own, CallBudget budget) implements Session {
    /** A piece of work on a connection with auto-commit on. */
    @FunctionalInterface
    private interface Work<T> {
        T on(Session session);
    }

    @Override
    public <T> T write(Write<T> write) {
        try {
            return here(session -> session.write(write), () -> own.write(write));
        } catch (SQLException gone) {
            throw SqlErrors.failedWrite(write.call(), gone, Certainty.NOT_STORED);
        }
    }

    @Override
    public <T> T read(CallName call, Function<Handle, T> work) {
        try {
            return here(session -> session.read(call, work), () -> own.read(call, work));
        } catch (SQLException gone) {
            throw SqlErrors.failedRead(call, gone);
        }
    }

    /** The session that does the work begins its transactions itself, and is the one of its attempts. */
    @Override
    public <T> T transaction(Handle handle, Supplier<T> statements) {
        return statements.get();
    }

    private <T> T here(Work<T> work, Supplier<T> elsewhere) throws SQLException {
        if (connection.getAutoCommit()) {
            return work.on(session());
        }
        if (OpenTransaction.isOn(connection, database)) {
            return elsewhere.get();
        }
        connection.setAutoCommit(true);
        T answer;
        try {
            answer = work.on(session());
        } catch (RuntimeException | Error failed) {
            try {
                connection.setAutoCommit(false);
            } catch (SQLException broken) {
                failed.addSuppressed(broken);
            }
            throw failed;
        }
        try {
            connection.setAutoCommit(false);
        } catch (SQLException broken) {
            // the connection is gone, which the application sees when it uses it again; what was stored stands
        }
        return answer;
    }

    private Session session() {
        Jdbi jdbi = Jdbis.over(new Borrowed(connection));
        return database == Database.SQLITE
                ? new SqliteSession(jdbi, budget.lent(), false, false)
                : new PostgresSession(jdbi, budget.lent());
    }

    @Override
    public Session within(Duration limit) {
        return new CommittedSession(connection, database, own.within(limit), budget.atMost(limit));
    }
}
