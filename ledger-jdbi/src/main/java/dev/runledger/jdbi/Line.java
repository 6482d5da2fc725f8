package dev.runledger.jdbi;

import dev.runledger.jdbi.Ticket.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A few places in which calls are made, and the line before them. Who leaves a place gives it to the first in line, and with it all others
 * of the same shape, of which each run or task is in the group once. Thread-safe.
 *
 * <p>A place that is held for longer than it takes to make a call, because a row is locked or the server is slow, is given to the next one
 * too, so that one long call holds up nobody.
 *
 * @param <C> what says which call it is
 * @param <A> the answer of a call that another one made
 */
final class Line<C, A> {
    static final int MOST_IN_A_GROUP = 128;

    /** How much longer a call is waited for that another one makes, whose own time ends it. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private final Map<Ticket<C, A>, Long> places = new HashMap<>(); // who has one, and since when
    private final Set<Ticket<C, A>> waiting = new LinkedHashSet<>();
    private final int most;
    private final long patienceNanos;
    private final boolean interruptible;

    /**
     * Makes a line.
     *
     * @param most how many places there are
     * @param patienceNanos how long a place may be held before it is given to another call too
     * @param interruptible whether an interrupt ends the wait of a call that is not sent yet
     */
    Line(int most, long patienceNanos, boolean interruptible) {
        this.most = most;
        this.patienceNanos = patienceNanos;
        this.interruptible = interruptible;
    }

    /** Gives a call a place, or lets its thread wait until it has one or is answered or its time is over; returns which. */
    State enter(Ticket<C, A> ticket) {
        synchronized (this) {
            if (places.size() < most && waiting.isEmpty()) {
                seat(ticket, List.of(ticket));
                return ticket.state();
            }
            waiting.add(ticket);
        }
        boolean interrupted = false;
        while (isUndecided(ticket)) {
            long left = Math.max(0, ticket.leftNanos()) + GRACE_NANOS;
            LockSupport.parkNanos(this, Math.min(left, patienceNanos));
            interrupted |= Thread.interrupted();
            if (isUndecided(ticket)) {
                review(ticket, interrupted && interruptible);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return ticket.state();
    }

    private static boolean isUndecided(Ticket<?, ?> ticket) {
        return ticket.state() == State.WAITS || ticket.state() == State.IS_LED;
    }

    /** Ends the wait of a call whose time is over, or that is not wanted any more, and gives away a place that is held for too long. */
    private synchronized void review(Ticket<C, A> ticket, boolean unwanted) {
        long left = ticket.leftNanos();
        boolean over = unwanted || left <= 0;
        if (ticket.state() == State.WAITS && over) {
            waiting.remove(ticket);
            ticket.become(State.TOO_LATE);
        } else if (ticket.state() == State.IS_LED && !ticket.isSent() && over) {
            ticket.become(State.TOO_LATE);
        } else if (ticket.state() == State.IS_LED && left <= -GRACE_NANOS) {
            ticket.become(State.UNANSWERED);
        }
        long now = System.nanoTime();
        if (!waiting.isEmpty() && places.values().removeIf(since -> now - since > patienceNanos)) {
            seatNext();
        }
    }

    /** Returns the calls of a group that still wait, which are sent to the database now. */
    synchronized List<Ticket<C, A>> send(Ticket<C, A> first) {
        first.send();
        return first.group().stream()
                .filter(each -> each.state() != State.TOO_LATE)
                .toList();
    }

    /** Gives the place of a call that was made to the next one, unless another has it already. */
    synchronized void leave(Ticket<C, A> ticket) {
        places.remove(ticket);
        seatNext();
    }

    private void seatNext() {
        while (places.size() < most && !waiting.isEmpty()) {
            Iterator<Ticket<C, A>> inLine = waiting.iterator();
            Ticket<C, A> first = inLine.next();
            inLine.remove();
            List<Ticket<C, A>> group = new ArrayList<>();
            group.add(first);
            Set<String> subjects = new HashSet<>();
            isNew(first, subjects);
            while (inLine.hasNext() && group.size() < MOST_IN_A_GROUP) {
                Ticket<C, A> next = inLine.next();
                if (next.shape().equals(first.shape()) && isNew(next, subjects)) {
                    inLine.remove();
                    next.follow(first);
                    group.add(next);
                }
            }
            seat(first, group);
        }
    }

    private static boolean isNew(Ticket<?, ?> ticket, Set<String> subjects) {
        String subject = ticket.subject();
        return subject == null || subjects.add(subject);
    }

    private void seat(Ticket<C, A> ticket, List<Ticket<C, A>> group) {
        places.put(ticket, System.nanoTime());
        ticket.lead(group);
    }
}
