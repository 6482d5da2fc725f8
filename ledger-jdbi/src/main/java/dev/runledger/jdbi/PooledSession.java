package dev.runledger.jdbi;

import dev.runledger.store.StoreException.Certainty;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Work on connections of a pool, each call a transaction of its own by auto-commit.
 *
 * <p>What lost a race or a connection is done again, three times in all. Every call that changes something can be: it carries an id
 * by which its own earlier attempt is known. A pool that has none to give is waited for once, since its timeout is the host's word
 * for how long a call may take.
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
                return answer(work, attempt);
            } catch (JdbiException failed) {
                Faults.Kind kind = Faults.kind(failed, Database.POSTGRESQL);
                inDoubt |= kind == Faults.Kind.DISCONNECTED && !Faults.isBeforeAnyWork(failed);
                boolean again = kind != Faults.Kind.OTHER || Faults.isDuplicate(failed);
                if (!again || Faults.isOutOfTime(failed) || attempt == ATTEMPTS || !paused(attempt)) {
                    throw Faults.failure(call, failed, inDoubt ? Outcome.UNKNOWN : Outcome.NOT_STORED);
                }
            }
        }
    }

    @Override
    public <T> T read(Call call, Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return answer(work, attempt);
            } catch (JdbiException failed) {
                boolean again = Faults.kind(failed, Database.POSTGRESQL) != Faults.Kind.OTHER;
                if (!again || Faults.isOutOfTime(failed) || attempt == ATTEMPTS || !paused(attempt)) {
                    throw Faults.unread(call, failed);
                }
            }
        }
    }

    private <T> T answer(Work<T> work, int attempt) {
        return Jdbis.answer(jdbi, handle -> work.on(handle, attempt));
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
