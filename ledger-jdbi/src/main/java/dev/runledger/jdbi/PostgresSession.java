package dev.runledger.jdbi;

import dev.runledger.store.StoreException.Certainty;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Works on connections of the application's data source. Each call is a transaction by auto-commit.
 *
 * <p>A call that lost a race or its connection is made again, three times in all. That is safe: each write has a call id, by which
 * it finds what an earlier attempt stored. A pool that has no connection to give is waited for once, since its timeout is the
 * application's limit for a call.
 */
final class PostgresSession implements Session {
    private static final int ATTEMPTS = 3;

    private final Jdbi jdbi;

    PostgresSession(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public <T> T write(CallName call, Function<Attempt, T> work) {
        boolean inDoubt = false;
        for (int number = 1; ; number++) {
            int attempt = number;
            try {
                return Jdbis.answer(jdbi, handle -> work.apply(new Attempt(this, handle, attempt)));
            } catch (JdbiException failed) {
                SqlErrors.Kind kind = SqlErrors.kind(failed, Database.POSTGRESQL);
                inDoubt |= kind == SqlErrors.Kind.DISCONNECTED && !SqlErrors.isBeforeAnyWork(failed);
                boolean again = kind != SqlErrors.Kind.OTHER || SqlErrors.isDuplicate(failed);
                if (!again || !canRetry(failed, number)) {
                    throw SqlErrors.failedWrite(call, failed, inDoubt ? Certainty.UNKNOWN : Certainty.NOT_STORED);
                }
            }
        }
    }

    @Override
    public <T> T read(CallName call, Function<Handle, T> work) {
        for (int number = 1; ; number++) {
            try {
                return Jdbis.answer(jdbi, work::apply);
            } catch (JdbiException failed) {
                boolean again = SqlErrors.kind(failed, Database.POSTGRESQL) != SqlErrors.Kind.OTHER;
                if (!again || !canRetry(failed, number)) {
                    throw SqlErrors.failedRead(call, failed);
                }
            }
        }
    }

    private static boolean canRetry(JdbiException failed, int number) {
        return !SqlErrors.isOutOfTime(failed) && number < ATTEMPTS && paused(number);
    }

    /** Waits a little, so that two callers that met do not meet again. Returns false if the thread was interrupted. */
    private static boolean paused(int number) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(5, 20L << number));
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
