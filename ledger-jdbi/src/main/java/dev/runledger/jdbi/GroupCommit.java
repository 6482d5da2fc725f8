package dev.runledger.jdbi;

import dev.runledger.run.CallOutcome;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreException;
import dev.runledger.store.StoreException.Certainty;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.JdbiException;

/**
 * Makes calls that come together by one statement, and so with one commit. Each has its own outcome.
 *
 * <p>A call that comes alone is made by its own statement. Of those that have to wait in the {@link Line}, the first makes all of its shape,
 * and wakes the others. What that statement did not store is made alone by its own caller, outside the line: a call that does not fit, and
 * is told what stands; one whose row or key another transaction holds, which waits for it; each one, if the statement failed as a whole, as
 * one bad value makes it. After a lost answer each looks first whether it was stored.
 *
 * <p>It has no thread of its own, and waits for nobody who has not come. An interrupt of a thread that waits changes nothing for the others.
 * Thread-safe.
 */
final class GroupCommit {
    private final PostgresSession session;
    private final SessionStore.Writers writers;
    private final PostgresBatches batches;
    private final CallBudget budget;
    private final Line line = new Line();

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
        Ticket ticket = new Ticket(command, shape, budget.time());
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
    private <O extends CallOutcome> O first(Ticket ticket, StoreCommand<O> command) {
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
    private void together(Ticket leader) {
        boolean interrupted =
                Thread.interrupted(); // a pool would give no connection, and the others were not interrupted
        Map<String, PostgresBatches.Answer> answers = Map.of();
        boolean inDoubt = true;
        try {
            answers = session.within(leader.left()).once(handle -> {
                List<StoreCommand<?>> commands = line.send(leader).stream()
                        .<StoreCommand<?>>map(Ticket::command)
                        .toList();
                return batches.store(handle.getConnection(), leader.shape(), commands);
            });
            inDoubt = false;
        } catch (JdbiException | SQLException failed) {
            inDoubt = PostgresSession.isInDoubt(failed); // each is made alone now
        } finally {
            line.leave(leader); // first, so that the next ones are on their way while these are woken
            for (Ticket each : leader.group()) {
                each.answer(answers.get(each.command().subject()), inDoubt);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @SuppressWarnings("unchecked") // the outcome of a command is of the type that the command names
    private <O extends CallOutcome> O answer(Ticket ticket, StoreCommand<O> command) {
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
