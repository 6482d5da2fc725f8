package dev.runledger.jdbi;

import dev.runledger.store.StoreException.Certainty;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Each write an immediate transaction, so that the file's write lock is held before anything is read: a deferred one that reads
 * first and writes then fails at once when somebody wrote between, whatever the busy timeout is.
 *
 * <p>The writers of one store queue at a lock in memory, since SQLite would let them poll. Another process that writes is waited
 * for by the busy timeout, and asked again three times.
 */
final class SqliteSession implements Session {
    private static final int ATTEMPTS = 3;

    private final Jdbi jdbi;
    private final ReentrantLock writer = new ReentrantLock(true);

    SqliteSession(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public <T> T write(Call call, Work<T> work) {
        writer.lock();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return once(work);
                } catch (JdbiException | SQLException failed) {
                    if (Faults.kind(failed, Database.SQLITE) != Faults.Kind.CONFLICT || attempt == ATTEMPTS) {
                        throw Faults.failure(call, failed, Outcome.NOT_STORED);
                    }
                }
            }
        } finally {
            writer.unlock();
        }
    }

    private <T> T once(Work<T> work) throws SQLException {
        return Jdbis.answer(jdbi, handle -> {
            try (Statement statement = handle.getConnection().createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                try {
                    T result = work.on(handle, 1);
                    statement.execute("COMMIT");
                    return result;
                } catch (RuntimeException | Error | SQLException failed) {
                    rollBack(statement, failed);
                    throw failed;
                }
            }
        });
    }

    private static void rollBack(Statement statement, Throwable failed) {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException none) { // some errors have rolled back already
            failed.addSuppressed(none);
        }
    }

    @Override
    public <T> T read(Call call, Work<T> work) {
        try {
            return Jdbis.answer(jdbi, handle -> work.on(handle, 1));
        } catch (JdbiException failed) {
            throw Faults.unread(call, failed);
        }
    }

    @Override
    public <T> T transaction(Handle handle, Supplier<T> statements) {
        return statements.get();
    }
}
