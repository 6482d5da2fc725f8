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
 */
final class Line {
    static final int PLACES = 3;
    static final int MOST_IN_A_GROUP = 128;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

    /** How much longer a call is waited for that another one makes, whose own time ends it. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private final Map<Ticket, Long> places = new HashMap<>(); // who has one, and since when
    private final Set<Ticket> waiting = new LinkedHashSet<>();
    private final long patienceNanos;

    Line() {
        this(PATIENCE_NANOS);
    }

    /** Makes one in which a place may be held for so long before it is given to another call too. */
    Line(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /** Gives a call a place, or lets its thread wait until it has one or is answered or its time is over; returns which. */
    State enter(Ticket ticket) {
        synchronized (this) {
            if (places.size() < PLACES && waiting.isEmpty()) {
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
                review(ticket);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return ticket.state();
    }

    private static boolean isUndecided(Ticket ticket) {
        return ticket.state() == State.WAITS || ticket.state() == State.IS_LED;
    }

    /** Ends the wait of a call whose time is over, and gives away a place that is held for too long. */
    private synchronized void review(Ticket ticket) {
        long left = ticket.leftNanos();
        if (ticket.state() == State.WAITS && left <= 0) {
            waiting.remove(ticket);
            ticket.become(State.TOO_LATE);
        } else if (ticket.state() == State.IS_LED && !ticket.isSent() && left <= 0) {
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
    synchronized List<Ticket> send(Ticket first) {
        first.send();
        return first.group().stream()
                .filter(each -> each.state() != State.TOO_LATE)
                .toList();
    }

    /** Gives the place of a call that was made to the next one, unless another has it already. */
    synchronized void leave(Ticket ticket) {
        places.remove(ticket);
        seatNext();
    }

    private void seatNext() {
        while (places.size() < PLACES && !waiting.isEmpty()) {
            Iterator<Ticket> inLine = waiting.iterator();
            Ticket first = inLine.next();
            inLine.remove();
            List<Ticket> group = new ArrayList<>();
            group.add(first);
            Set<String> subjects = new HashSet<>();
            subjects.add(first.command().subject());
            while (inLine.hasNext() && group.size() < MOST_IN_A_GROUP) {
                Ticket next = inLine.next();
                if (next.shape().equals(first.shape())
                        && subjects.add(next.command().subject())) {
                    inLine.remove();
                    next.follow(first);
                    group.add(next);
                }
            }
            seat(first, group);
        }
    }

    private void seat(Ticket ticket, List<Ticket> group) {
        places.put(ticket, System.nanoTime());
        ticket.lead(group);
    }
}
