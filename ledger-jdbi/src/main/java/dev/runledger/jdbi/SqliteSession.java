package dev.runledger.jdbi;

import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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
 * <p>The writers of one store queue at a lock in memory, since SQLite would let them poll. Each waits for its turn, and then for a writer
 * in another process, until its own budget is over or its thread is interrupted. In WAL mode a read waits for nobody, unless another
 * process has the file for itself.
 */
final class SqliteSession implements Session {
    /** What is left of a budget for another wait of a read on a connection of a pool, where the driver counts in seconds. */
    private static final int LEAST_FOR_A_READ_MILLIS = 500;

    private final Jdbi jdbi;
    private final CallBudget budget;
    private final boolean turns;
    private final ReentrantLock writer;

    /**
     * Makes a session.
     *
     * @param turns whether the connections were opened to wait for the file in turns, as those of {@link SqliteConnections} are
     */
    SqliteSession(Jdbi jdbi, CallBudget budget, boolean turns) {
        this(jdbi, budget, turns, new ReentrantLock(true));
    }

    private SqliteSession(Jdbi jdbi, CallBudget budget, boolean turns, ReentrantLock writer) {
        this.jdbi = jdbi;
        this.budget = budget;
        this.turns = turns;
        this.writer = writer;
    }

    @Override
    public <T> T write(CallName call, Function<Attempt, T> work) {
        Attempts attempts = budget.begin();
        awaitTurn(call, attempts);
        try {
            while (true) {
                attempts.next();
                try {
                    return once(work);
                } catch (JdbiException | SQLException failed) {
                    if (!attempts.another(failed, Database.SQLITE)) {
                        throw SqlErrors.failedWrite(call, failed, attempts, Certainty.NOT_STORED);
                    }
                }
            }
        } finally {
            writer.unlock();
        }
    }

    /** Waits for the other writers of this store. A thread that is interrupted already does not wait, and writes if it need not. */
    private void awaitTurn(CallName call, Attempts attempts) {
        boolean ours;
        try {
            ours = Thread.currentThread().isInterrupted()
                    ? writer.tryLock()
                    : writer.tryLock(attempts.leftNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            ours = false;
        }
        if (!ours) {
            throw new StoreException(
                    "%s: other calls of this store write, and %s; nothing was stored"
                            .formatted(
                                    call,
                                    Thread.currentThread().isInterrupted()
                                            ? "the thread was interrupted while it waited for them"
                                            : "the time of the call, %s, is over".formatted(budget.time())),
                    Certainty.NOT_STORED,
                    null);
        }
    }

    /** Makes one attempt. It always has the number 1: a conflict rolled an earlier one back. */
    private <T> T once(Function<Attempt, T> work) throws SQLException {
        return Jdbis.answer(jdbi, handle -> {
            try (BusyTimeout ignored = BusyTimeout.of(handle, turns);
                    Statement statement = handle.getConnection().createStatement()) {
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
        Attempts attempts = budget.begin();
        while (true) {
            attempts.next();
            try {
                return Jdbis.answer(jdbi, handle -> turns ? inTurns(handle, work) : limited(handle, attempts, work));
            } catch (JdbiException | SQLException failed) {
                boolean enough = turns || attempts.leftMillis() >= LEAST_FOR_A_READ_MILLIS;
                if (!enough || !attempts.another(failed, Database.SQLITE)) {
                    throw SqlErrors.failedRead(call, failed, attempts);
                }
            }
        }
    }

    private static <T> T inTurns(Handle handle, Function<Handle, T> work) throws SQLException {
        try (BusyTimeout ignored = BusyTimeout.of(handle, true)) {
            return work.apply(handle);
        }
    }

    /** Waits by the timeout of each statement, since turns would take three more statements. */
    private static <T> T limited(Handle handle, Attempts attempts, Function<Handle, T> work) {
        try (StatementLimits ignored = StatementLimits.ofStatements(handle, attempts)) {
            return work.apply(handle);
        }
    }

    @Override
    public <T> T transaction(Handle handle, Supplier<T> statements) {
        return statements.get();
    }

    @Override
    public Session within(Duration limit) {
        return new SqliteSession(jdbi, budget.atMost(limit), turns, writer);
    }
}
