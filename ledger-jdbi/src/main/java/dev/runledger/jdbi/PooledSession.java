package dev.runledger.jdbi;

import dev.runledger.store.StoreException.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Work on connections of a pool, each call a transaction of its own by auto-commit, which is forced and put back: on a pool that
 * has it off, a statement outside a transaction would be lost in silence.
 *
 * <p>What lost a race or a connection is done again, three times in all. Every call that changes something can be: it carries an id
 * by which its own earlier attempt is known.
 */
final class PooledSession implements Session {
    private static final int ATTEMPTS = 3;

    private final Jdbi jdbi;

    PooledSession(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public <T> T write(Call call, Work<T> work) {
        boolean inDoubt = false;
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work, attempt);
            } catch (JdbiException | SQLException failed) {
                Faults.Kind kind = Faults.kind(failed, Database.POSTGRESQL);
                inDoubt |= kind == Faults.Kind.DISCONNECTED && !Faults.isBeforeAnyWork(failed);
                boolean again = kind != Faults.Kind.OTHER || Faults.isDuplicate(failed);
                if (!again || attempt == ATTEMPTS || !paused(attempt)) {
                    throw Faults.failure(call, failed, inDoubt ? Outcome.UNKNOWN : Outcome.NOT_STORED);
                }
            }
        }
    }

    @Override
    public <T> T read(Call call, Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work, attempt);
            } catch (JdbiException | SQLException failed) {
                boolean again = Faults.kind(failed, Database.POSTGRESQL) != Faults.Kind.OTHER;
                if (!again || attempt == ATTEMPTS || !paused(attempt)) {
                    throw Faults.unread(call, failed);
                }
            }
        }
    }

    private <T> T once(Work<T> work, int attempt) throws SQLException {
        try (Handle handle = jdbi.open()) {
            Connection connection = handle.getConnection();
            if (connection.getAutoCommit()) {
                return work.on(handle, attempt);
            }
            connection.setAutoCommit(true);
            T result;
            try {
                result = work.on(handle, attempt);
            } catch (RuntimeException | Error failed) {
                putBack(connection, failed);
                throw failed;
            }
            connection.setAutoCommit(false);
            return result;
        }
    }

    private static void putBack(Connection connection, Throwable failed) {
        try {
            connection.setAutoCommit(false);
        } catch (SQLException gone) {
            failed.addSuppressed(gone);
        }
    }

    /** Waits a little, so that those who met do not meet again; false where the thread was interrupted. */
    private static boolean paused(int attempt) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(5, 20L << attempt));
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public <T> T transaction(Handle handle, Supplier<T> statements) {
        return handle.inTransaction(ignored -> statements.get());
    }
}
