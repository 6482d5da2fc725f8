package dev.runledger.jdbi;

import dev.runledger.store.StoreException.Certainty;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Works on the connection of a transaction of the application. It commits nothing, rolls nothing back and repeats nothing: after an
 * error the application decides, and on PostgreSQL its transaction is over. A statement that takes longer than the budget of a call is
 * cancelled; the connection stays as it is.
 */
final class JoinedSession implements Session {
    private final Jdbi jdbi;
    private final Connection connection;
    private final CallBudget budget;
    private final BooleanSupplier ended;

    /** Makes a session for reads, whether the transaction has ended or not. */
    JoinedSession(Connection connection, CallBudget budget) {
        this(connection, budget, () -> false);
    }

    /** Makes a session that writes nothing once the transaction has ended: nobody would commit it, or emit its events. */
    JoinedSession(Connection connection, CallBudget budget, BooleanSupplier ended) {
        this.connection = connection;
        this.budget = budget.lent();
        this.ended = ended;
        this.jdbi = Jdbis.over(new Borrowed(connection));
        this.jdbi.getConfig(Handles.class).setForceEndTransactions(false);
    }

    @Override
    public <T> T write(Write<T> write) {
        requireTransaction(write.call());
        Attempts attempts = budget.begin();
        try (Handle handle = jdbi.open();
                StatementLimits ignored = StatementLimits.of(handle, attempts)) {
            return write.work().apply(new Attempt(this, handle, attempts.next()));
        } catch (JdbiException | SQLException failed) {
            throw SqlErrors.failedWrite(write.call(), failed, attempts, Certainty.NOT_STORED);
        }
    }

    private void requireTransaction(CallName call) {
        try {
            if (ended.getAsBoolean() || connection.getAutoCommit()) {
                throw new IllegalStateException(
                        "%s: the transaction of this unit of work has ended, expected a unit of one that is open"
                                .formatted(call));
            }
        } catch (SQLException gone) {
            throw SqlErrors.failedWrite(call, gone, Certainty.NOT_STORED);
        }
    }

    @Override
    public <T> T read(CallName call, Function<Handle, T> work) {
        Attempts attempts = budget.begin();
        attempts.next();
        try (Handle handle = jdbi.open();
                StatementLimits ignored = StatementLimits.of(handle, attempts)) {
            return work.apply(handle);
        } catch (JdbiException | SQLException failed) {
            throw SqlErrors.failedRead(call, failed, attempts);
        }
    }

    @Override
    public <T> T transaction(Handle handle, Supplier<T> statements) {
        return statements.get();
    }

    @Override
    public Session within(Duration limit) {
        return new JoinedSession(connection, budget.atMost(limit), ended);
    }
}
