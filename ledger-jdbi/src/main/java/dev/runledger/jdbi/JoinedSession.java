package dev.runledger.jdbi;

import dev.runledger.store.StoreException.Certainty;
import java.sql.Connection;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Work on the connection of a host's transaction. Nothing is committed, rolled back or done again here: after an error it is the
 * host's to decide, and on PostgreSQL its transaction is over.
 */
final class JoinedSession implements Session {
    private final Jdbi jdbi;

    JoinedSession(Connection connection) {
        this.jdbi = Jdbis.over(new Borrowed(connection));
        this.jdbi.getConfig(Handles.class).setForceEndTransactions(false);
    }

    @Override
    public <T> T write(Call call, Work<T> work) {
        try (Handle handle = jdbi.open()) {
            return work.on(handle, 1);
        } catch (JdbiException failed) {
            throw Faults.failure(call, failed, Outcome.NOT_STORED);
        }
    }

    @Override
    public <T> T read(Call call, Work<T> work) {
        try (Handle handle = jdbi.open()) {
            return work.on(handle, 1);
        } catch (JdbiException failed) {
            throw Faults.unread(call, failed);
        }
    }

    @Override
    public <T> T transaction(Handle handle, Supplier<T> statements) {
        return statements.get();
    }
}
