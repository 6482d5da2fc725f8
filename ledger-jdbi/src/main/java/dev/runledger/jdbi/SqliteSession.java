package dev.runledger.jdbi;

import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Makes each write an immediate transaction, which holds the file's write lock before it reads anything. A deferred transaction that
 * reads first and then writes fails at once if another wrote in between, whatever the busy timeout is.
 *
 * <p>The writers of one store stand in a {@link Line}, since SQLite would let them poll. Most of what a write takes is the sync of its
 * commit, so the first one in line makes the writes of all in one transaction, each in a savepoint. What fails there is made alone
 * afterwards, by its own caller. In WAL mode a read waits for nobody, unless another process has the file for itself.
 *
 * <p>Each writer waits for its turn, and then for a writer in another process, until its own budget is over or its thread is interrupted.
 */
final class SqliteSession implements Session {
    /** What is left of a budget for another wait of a read on a connection of a pool, where the driver counts in seconds. */
    private static final int LEAST_FOR_A_READ_MILLIS = 500;

    /** SQLite has one writer at a time, so nobody else can have the place of one that is slow. */
    private static final long FOR_EVER = TimeUnit.DAYS.toNanos(365);

    /** The shape of writes that can be made together with others. */
    private static final Object SHARED = "shared";

    /** How often a transaction is rolled back for which there was no memory. */
    private static final int TRIES_TO_END = 100;

    /** What SQLite answers to a rollback where it has rolled back already, as it does when the disk is full. */
    private static final String NONE_TO_END = "no transaction is active";

    private final Jdbi jdbi;
    private final CallBudget budget;
    private final boolean turns;
    private final boolean groups;
    private final Line<Write<?>, Object> line;

    /**
     * Makes a session.
     *
     * @param turns whether the connections were opened to wait for the file in turns, as those of {@link SqliteConnections} are
     * @param groups whether writes that come together share a transaction
     */
    SqliteSession(Jdbi jdbi, CallBudget budget, boolean turns, boolean groups) {
        this(jdbi, budget, turns, groups, new Line<>(1, FOR_EVER, true));
    }

    private SqliteSession(Jdbi jdbi, CallBudget budget, boolean turns, boolean groups, Line<Write<?>, Object> line) {
        this.jdbi = jdbi;
        this.budget = budget;
        this.turns = turns;
        this.groups = groups;
        this.line = line;
    }

    @Override
    public <T> T write(Write<T> write) {
        return write(write, groups ? SHARED : write, budget);
    }

    /** Makes a write, with others of the same shape. */
    @SuppressWarnings("unchecked") // the answer of a ticket is the result of its write
    private <T> T write(Write<T> write, Object shape, CallBudget left) {
        Attempts attempts = left.begin();
        Ticket<Write<?>, Object> ticket = enter(write, shape, left);
        if (ticket.state() == Ticket.State.LEADS) {
            if (ticket.group().size() == 1) {
                return alone(ticket, write, attempts);
            }
            attempts.next();
            Exception failed = together(ticket);
            if (failed != null && attempts.leftNanos() <= 0) {
                throw SqlErrors.failedWrite(write.call(), failed, attempts, Certainty.NOT_STORED);
            }
        }
        Object answer = ticket.answer();
        return answer == null ? write(write, write, budget.atMost(ticket.left())) : (T) answer;
    }

    /** Waits until it is the turn of a write, or until another one has made it. */
    private Ticket<Write<?>, Object> enter(Write<?> write, Object shape, CallBudget left) {
        Ticket<Write<?>, Object> ticket = new Ticket<>(write, null, shape, left.time());
        if (left.time().isZero()) {
            throw tooLate(write);
        }
        return switch (line.enter(ticket)) {
            case TOO_LATE -> throw tooLate(write);
            case UNANSWERED ->
                throw new StoreException(
                        "%s: other calls of this store were written with it, and %s; it is unknown whether it was stored; make the same call again to find out"
                                .formatted(write.call(), overdue()),
                        Certainty.UNKNOWN,
                        null);
            default -> ticket;
        };
    }

    private StoreException tooLate(Write<?> write) {
        return new StoreException(
                "%s: other calls of this store write, and %s; nothing was stored"
                        .formatted(
                                write.call(),
                                Thread.currentThread().isInterrupted()
                                        ? "the thread was interrupted while it waited for them"
                                        : overdue()),
                Certainty.NOT_STORED,
                null);
    }

    private String overdue() {
        return "the time of the call, %s, is over".formatted(budget.time());
    }

    /** Makes one write, in its place in the line. */
    private <T> T alone(Ticket<Write<?>, Object> ticket, Write<T> write, Attempts attempts) {
        try {
            while (true) {
                attempts.next();
                try {
                    return once((handle, statement) -> write.work().apply(attempt(handle)));
                } catch (JdbiException | SQLException failed) {
                    if (!attempts.another(failed, Database.SQLITE)) {
                        throw SqlErrors.failedWrite(write.call(), failed, attempts, Certainty.NOT_STORED);
                    }
                }
            }
        } finally {
            line.leave(ticket);
        }
    }

    /** Returns the attempt that a write is. It always has the number 1: a conflict rolled an earlier one back. */
    private Attempt attempt(Handle handle) {
        return new Attempt(this, handle, 1);
    }

    /** Makes all writes of a group, and lets each know its result; returns what failed if all of them failed. */
    private @Nullable Exception together(Ticket<Write<?>, Object> leader) {
        boolean interrupted =
                Thread.interrupted(); // a pool would give no connection, and the others were not interrupted
        Map<Ticket<Write<?>, Object>, Object> results =
                Map.of(); // whatever fails, even for want of memory, the place is left
        try {
            results = once((handle, statement) -> {
                Map<Ticket<Write<?>, Object>, Object> made = new HashMap<>();
                for (Ticket<Write<?>, Object> each : line.send(leader)) {
                    inSavepoint(handle, statement, each.call()).ifPresent(result -> made.put(each, result));
                }
                return made;
            });
            return null;
        } catch (JdbiException | SQLException failed) { // so each is made alone, and learns why
            return failed;
        } finally {
            try {
                line.leave(leader);
            } finally {
                for (Ticket<Write<?>, Object> each : leader.group()) {
                    each.answer(results.get(each), false);
                }
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Makes a write inside a transaction of several. If it fails, nothing of it stays and the others go on. */
    private <T> Optional<T> inSavepoint(Handle handle, Statement statement, Write<T> write) throws SQLException {
        statement.execute("SAVEPOINT one");
        try {
            T result = write.work().apply(attempt(handle));
            statement.execute("RELEASE one");
            return Optional.of(result);
        } catch (RuntimeException failed) { // it is thrown when the write is made alone
            statement.execute("ROLLBACK TO one"); // fails if SQLite has rolled back everything
            statement.execute("RELEASE one");
            return Optional.empty();
        }
    }

    /** Makes many writes of one caller, in transactions of some of them. */
    @Override
    public <T> void writeAll(List<Write<T>> writes, BiConsumer<Write<T>, T> results) {
        if (!groups) {
            Session.super.writeAll(writes, results);
            return;
        }
        for (int from = 0; from < writes.size(); from += Line.MOST_IN_A_GROUP) {
            some(writes.subList(from, Math.min(from + Line.MOST_IN_A_GROUP, writes.size())), results);
        }
    }

    private <T> void some(List<Write<T>> writes, BiConsumer<Write<T>, T> results) {
        List<Optional<T>> made = new ArrayList<>();
        Ticket<Write<?>, Object> ticket = enter(writes.get(0), new Object(), budget);
        try {
            made.addAll(once((handle, statement) -> {
                List<Optional<T>> each = new ArrayList<>();
                for (Write<T> write : writes) {
                    each.add(inSavepoint(handle, statement, write));
                }
                return each;
            }));
        } catch (JdbiException | SQLException broken) { // so each is made alone, and learns why
            writes.forEach(write -> made.add(Optional.empty()));
        } finally {
            line.leave(ticket);
        }
        List<Write<T>> failed = new ArrayList<>();
        for (int i = 0; i < writes.size(); i++) {
            Write<T> write = writes.get(i);
            made.get(i).ifPresentOrElse(result -> results.accept(write, result), () -> failed.add(write));
        }
        failed.forEach(write -> results.accept(write, write(write, write, budget)));
    }

    /** Something that is done inside a transaction. */
    @FunctionalInterface
    private interface Work<T> {
        T on(Handle handle, Statement statement) throws SQLException;
    }

    /** Makes one attempt at a transaction. */
    private <T> T once(Work<T> work) throws SQLException {
        return Jdbis.answer(jdbi, handle -> {
            try (BusyTimeout ignored = BusyTimeout.of(handle, turns);
                    Statement statement = handle.getConnection().createStatement()) {
                boolean begun = false;
                try {
                    statement.execute("BEGIN IMMEDIATE");
                    begun = true;
                    T result = work.on(handle, statement);
                    statement.execute("COMMIT");
                    return result;
                } catch (RuntimeException | Error | SQLException failed) {
                    if (begun || failed instanceof Error) { // which may have come after the transaction had begun
                        end(handle.getConnection());
                    }
                    throw failed;
                }
            }
        });
    }

    /**
     * Rolls a transaction back, or closes its connection: whoever has that next must not be inside this transaction. Without memory it tries
     * again, since others may have given back theirs.
     */
    private static void end(Connection connection) {
        for (int i = 0; i < TRIES_TO_END; i++) {
            // a new statement each time: one that ran out of memory may refuse another
            try (Statement statement = connection.createStatement()) {
                statement.execute("ROLLBACK");
                return;
            } catch (SQLException refused) {
                if (String.valueOf(refused.getMessage()).contains(NONE_TO_END)) {
                    return;
                }
            } catch (OutOfMemoryError exhausted) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
        BusyTimeout.discard(connection);
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
        return new SqliteSession(jdbi, budget.atMost(limit), turns, groups, line);
    }
}
