package dev.runledger.jdbi;

import dev.runledger.store.StoreException.Certainty;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Works on the connection of a transaction of the application. It commits nothing, rolls nothing back and repeats nothing: after an
 * error the application decides, and on PostgreSQL its transaction is over.
 */
final class JoinedSession implements Session {
    private final Jdbi jdbi;
    private final Connection connection;
    private final BooleanSupplier ended;

    /** Makes a session for reads, whether the transaction has ended or not. */
    JoinedSession(Connection connection) {
        this(connection, () -> false);
    }

    /** Makes a session that writes nothing once the transaction has ended: nobody would commit it, or emit its events. */
    JoinedSession(Connection connection, BooleanSupplier ended) {
        this.connection = connection;
        this.ended = ended;
        this.jdbi = Jdbis.over(new Borrowed(connection));
        this.jdbi.getConfig(Handles.class).setForceEndTransactions(false);
    }

    @Override
    public <T> T write(CallName call, Function<Attempt, T> work) {
        requireTransaction(call);
        try (Handle handle = jdbi.open()) {
            return work.apply(new Attempt(this, handle, 1));
        } catch (JdbiException failed) {
            throw SqlErrors.failedWrite(call, failed, Certainty.NOT_STORED);
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
        try (Handle handle = jdbi.open()) {
            return work.apply(handle);
        } catch (JdbiException failed) {
            throw SqlErrors.failedRead(call, failed);
        }
    }

    @Override
    public <T> T transaction(Handle handle, Supplier<T> statements) {
        return statements.get();
    }
}
