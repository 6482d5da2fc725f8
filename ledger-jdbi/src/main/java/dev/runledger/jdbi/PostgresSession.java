package dev.runledger.jdbi;

import dev.runledger.store.StoreException.Certainty;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Works on connections of the application's data source. Each call is a transaction by auto-commit. A call that lost a race or its
 * connection, or met a primary that is one no longer, is made again as long as its budget lasts.
 */
final class PostgresSession implements Session {
    private final Jdbi jdbi;
    private final CallBudget budget;

    PostgresSession(Jdbi jdbi, CallBudget budget) {
        this.jdbi = jdbi;
        this.budget = budget;
    }

    @Override
    public <T> T write(Write<T> write) {
        return write(write.call(), false, write.work());
    }

    /**
     * Writes.
     *
     * @param before whether the call may have been stored before, and its answer lost
     */
    <T> T write(CallName call, boolean before, Function<Attempt, T> work) {
        Attempts attempts = budget.begin();
        boolean inDoubt = before;
        while (true) {
            int number = attempts.next() + (before ? 1 : 0);
            try {
                return once(attempts, handle -> work.apply(new Attempt(this, handle, number)));
            } catch (JdbiException | SQLException failed) {
                inDoubt |= isInDoubt(failed);
                if (!attempts.another(failed, Database.POSTGRESQL)) {
                    throw SqlErrors.failedWrite(
                            call, failed, attempts, inDoubt ? Certainty.UNKNOWN : Certainty.NOT_STORED);
                }
            }
        }
    }

    /** Returns whether something may have been stored although there is no answer. */
    static boolean isInDoubt(Exception failed) {
        return SqlErrors.kind(failed, Database.POSTGRESQL) == SqlErrors.Kind.DISCONNECTED
                && !SqlErrors.isBeforeAnyWork(failed);
    }

    /** Makes one attempt, and throws what it throws. */
    <T> T once(HandleCallback<T, SQLException> work) throws SQLException {
        Attempts attempts = budget.begin();
        attempts.next();
        return once(attempts, work);
    }

    @Override
    public <T> T read(CallName call, Function<Handle, T> work) {
        Attempts attempts = budget.begin();
        while (true) {
            attempts.next();
            try {
                return once(attempts, work::apply);
            } catch (JdbiException | SQLException failed) {
                if (!attempts.another(failed, Database.POSTGRESQL)) {
                    throw SqlErrors.failedRead(call, failed, attempts);
                }
            }
        }
    }

    private <T> T once(Attempts attempts, HandleCallback<T, SQLException> work) throws SQLException {
        return Jdbis.answer(jdbi, handle -> {
            if (attempts.number() == 1 && attempts.leftNanos() <= 0) {
                throw new ConnectionException(new SQLTransientConnectionException("the connection came too late"));
            }
            try (StatementLimits ignored = StatementLimits.of(handle, attempts)) {
                return work.withHandle(handle);
            } catch (JdbiException failed) {
                if (SqlErrors.kind(failed, Database.POSTGRESQL) == SqlErrors.Kind.DEMOTED) {
                    refusedToWrite(handle.getConnection(), attempts);
                }
                throw failed;
            }
        });
    }

    /**
     * Breaks the connection to a server that was the primary, since the pool would lend it again. A connection that the application
     * made read-only would be so again.
     */
    private void refusedToWrite(Connection connection, Attempts attempts) throws SQLException {
        if (connection.isReadOnly()) {
            attempts.giveUp();
        } else if (budget.cut() == CallBudget.Cut.CONNECTION) {
            StatementLimits.abort(connection);
        }
    }

    @Override
    public <T> T transaction(Handle handle, Supplier<T> statements) {
        return handle.inTransaction(ignored -> statements.get());
    }

    @Override
    public PostgresSession within(Duration limit) {
        return new PostgresSession(jdbi, budget.atMost(limit));
    }
}
