package dev.runledger.jdbi;

import dev.runledger.run.CallOutcome;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;

/**
 * Makes calls that come together by one statement, and so with one commit. Each has its own outcome.
 *
 * <p>A call that comes alone is made by its own statement. Of those that have to wait in the {@link Line}, the first makes all of its shape,
 * and wakes the others. What that statement did not store is made alone by its own caller, outside the line: a call that does not fit, and
 * learns what stands; one whose row or key another transaction holds, which waits for it; each one, if the statement failed as a whole, as
 * one bad value makes it. After a lost answer each looks first whether it was stored.
 *
 * <p>It has no thread of its own, and waits for nobody who has not come. An interrupt of a thread that waits changes nothing for the others.
 * Thread-safe.
 */
final class GroupCommit {
    /** How many statements are under way: with fewer the server idles while answers are read, with more the groups are smaller. */
    private static final int PLACES = 3;

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    private final PostgresSession session;
    private final SessionStore.Writers writers;
    private final PostgresBatches batches;
    private final CallBudget budget;
    private final Line<StoreCommand<?>, PostgresBatches.Answer> line = new Line<>(PLACES, PATIENCE_NANOS, false);

    GroupCommit(PostgresSession session, SessionStore.Writers writers, PostgresBatches batches, CallBudget budget) {
        this.session = session;
        this.writers = writers;
        this.batches = batches;
        this.budget = budget;
    }

    <O extends CallOutcome> O apply(StoreCommand<O> command) {
        Object shape = batches.shape(command);
        if (shape == null) {
            return alone(command, false, budget.time());
        }
        Ticket<StoreCommand<?>, PostgresBatches.Answer> ticket =
                new Ticket<>(command, command.subject(), shape, budget.time());
        Ticket.State state = line.enter(ticket);
        if (state == Ticket.State.TOO_LATE) {
            throw tooLate(command, Certainty.NOT_STORED);
        }
        if (state == Ticket.State.UNANSWERED) {
            throw tooLate(command, Certainty.UNKNOWN);
        }
        if (state == Ticket.State.LEADS) {
            if (ticket.group().size() == 1) {
                return first(ticket, command);
            }
            together(ticket);
        }
        return answer(ticket, command);
    }

    /** Makes a call that came alone, in its place in the line. */
    private <O extends CallOutcome> O first(
            Ticket<StoreCommand<?>, PostgresBatches.Answer> ticket, StoreCommand<O> command) {
        try {
            return alone(command, false, ticket.left());
        } finally {
            line.leave(ticket);
        }
    }

    private <O extends CallOutcome> O alone(StoreCommand<O> command, boolean inDoubt, Duration left) {
        return session.within(left).write(CallName.of(command), inDoubt, attempt -> command.on(writers.on(attempt)));
    }

    /** Makes all calls of a group, and lets each know what became of it. */
    private void together(Ticket<StoreCommand<?>, PostgresBatches.Answer> leader) {
        boolean interrupted =
                Thread.interrupted(); // a pool would give no connection, and the others were not interrupted
        Made made = Made.IN_DOUBT;
        try {
            made = made(
                    leader.shape(),
                    leader.left(),
                    () -> line.send(leader).stream()
                            .<StoreCommand<?>>map(Ticket::call)
                            .toList());
        } finally {
            try {
                line.leave(leader); // first, so that the next ones are on their way while these are woken
            } finally {
                for (Ticket<StoreCommand<?>, PostgresBatches.Answer> each : leader.group()) {
                    each.answer(made.answers().get(each.call().subject()), made.inDoubt());
                }
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /**
     * What one statement for many came to.
     *
     * @param answers those of the calls that it stored
     * @param inDoubt whether it may have stored more, and its answer was lost
     */
    private record Made(Map<String, PostgresBatches.Answer> answers, boolean inDoubt) {
        static final Made IN_DOUBT = new Made(Map.of(), true);
    }

    /** Makes calls of one shape by one statement. Those that it has no answer for have to be made alone. */
    private Made made(Object shape, Duration left, Supplier<List<StoreCommand<?>>> commands) {
        try {
            return new Made(
                    session.within(left).once(handle -> batches.store(handle.getConnection(), shape, commands.get())),
                    false);
        } catch (JdbiException | SQLException failed) {
            return new Made(Map.of(), PostgresSession.isInDoubt(failed));
        }
    }

    // ---- calls that one caller makes at once

    /** Makes many calls, outside the line: no more than one statement of them is under way at a time. */
    <O extends CallOutcome> void applyAll(List<StoreCommand<O>> commands, BiConsumer<StoreCommand<O>, O> outcomes) {
        Map<Object, List<StoreCommand<O>>> groups = new LinkedHashMap<>();
        List<StoreCommand<O>> alone = new ArrayList<>();
        Set<String> subjects = new HashSet<>();
        for (StoreCommand<O> command : commands) {
            Object shape = batches.shape(command);
            if (shape == null || !subjects.add(command.subject())) {
                alone.add(command);
            } else {
                groups.computeIfAbsent(shape, of -> new ArrayList<>()).add(command);
            }
        }
        groups.forEach((shape, group) -> {
            for (int from = 0; from < group.size(); from += Line.MOST_IN_A_GROUP) {
                List<StoreCommand<O>> some = group.subList(from, Math.min(from + Line.MOST_IN_A_GROUP, group.size()));
                together(shape, some, outcomes);
            }
        });
        alone.forEach(command -> outcomes.accept(command, apply(command)));
    }

    /** Makes calls by one statement, and those alone that it did not store, once the answers of the others are handed over. */
    @SuppressWarnings("unchecked") // the outcome of a command is of the type that the command names
    private <O extends CallOutcome> void together(
            Object shape, List<StoreCommand<O>> commands, BiConsumer<StoreCommand<O>, O> outcomes) {
        Made made = made(shape, budget.time(), () -> List.copyOf(commands));
        List<StoreCommand<O>> rest = new ArrayList<>();
        for (StoreCommand<O> command : commands) {
            PostgresBatches.Answer answer = made.answers().get(command.subject());
            if (answer == null || answer.outcome() == null) {
                rest.add(command);
            } else {
                outcomes.accept(command, (O) answer.outcome());
            }
        }
        for (StoreCommand<O> command : rest) {
            PostgresBatches.Answer unreadable = made.answers().get(command.subject());
            outcomes.accept(
                    command,
                    unreadable == null ? alone(command, made.inDoubt(), budget.time()) : (O) unreadable.orElseThrow());
        }
    }

    @SuppressWarnings("unchecked") // the outcome of a command is of the type that the command names
    private <O extends CallOutcome> O answer(
            Ticket<StoreCommand<?>, PostgresBatches.Answer> ticket, StoreCommand<O> command) {
        PostgresBatches.Answer answer = ticket.answer();
        return answer == null ? alone(command, ticket.isInDoubt(), ticket.left()) : (O) answer.orElseThrow();
    }

    private StoreException tooLate(StoreCommand<?> command, Certainty certainty) {
        String known = certainty == Certainty.UNKNOWN
                ? "it was on its way with other calls; it is unknown whether it was stored; make the same call again to find out"
                : "it waited for other calls of this store; nothing was stored";
        return new StoreException(
                "%s: the time of the call, %s, is over, and %s".formatted(CallName.of(command), budget.time(), known),
                certainty,
                null);
    }
}
