package dev.runledger.jdbi;

import dev.runledger.store.StoreException.Certainty;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Makes each write an immediate transaction, which holds the file's write lock before it reads anything. A deferred transaction that
 * reads first and then writes fails at once if another wrote in between, whatever the busy timeout is.
 *
 * <p>The writers of one store queue at a lock in memory, since SQLite would let them poll. For a writer in another process the busy
 * timeout waits, up to three times.
 */
final class SqliteSession implements Session {
    private static final int ATTEMPTS = 3;

    private final Jdbi jdbi;
    private final ReentrantLock writer = new ReentrantLock(true);

    SqliteSession(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public <T> T write(CallName call, Function<Attempt, T> work) {
        writer.lock();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return once(work);
                } catch (JdbiException | SQLException failed) {
                    if (SqlErrors.kind(failed, Database.SQLITE) != SqlErrors.Kind.CONFLICT || attempt == ATTEMPTS) {
                        throw SqlErrors.failedWrite(call, failed, Certainty.NOT_STORED);
                    }
                }
            }
        } finally {
            writer.unlock();
        }
    }

    /** Makes one attempt. It always has the number 1: a conflict rolled an earlier one back. */
    private <T> T once(Function<Attempt, T> work) throws SQLException {
        return Jdbis.answer(jdbi, handle -> {
            try (Statement statement = handle.getConnection().createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                try {
                    T result = work.apply(new Attempt(this, handle, 1));
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
    public <T> T read(CallName call, Function<Handle, T> work) {
        try {
            return Jdbis.answer(jdbi, work::apply);
        } catch (JdbiException failed) {
            throw SqlErrors.failedRead(call, failed);
        }
    }

    @Override
    public <T> T transaction(Handle handle, Supplier<T> statements) {
        return statements.get();
    }
}
