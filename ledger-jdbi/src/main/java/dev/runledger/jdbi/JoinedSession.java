package dev.runledger.jdbi;

import dev.runledger.store.StoreException.Certainty;
import java.sql.Connection;
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

    JoinedSession(Connection connection) {
        this.jdbi = Jdbis.over(new Borrowed(connection));
        this.jdbi.getConfig(Handles.class).setForceEndTransactions(false);
    }

    @Override
    public <T> T write(CallName call, Function<Attempt, T> work) {
        try (Handle handle = jdbi.open()) {
            return work.apply(new Attempt(this, handle, 1));
        } catch (JdbiException failed) {
            throw SqlErrors.failedWrite(call, failed, Certainty.NOT_STORED);
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
