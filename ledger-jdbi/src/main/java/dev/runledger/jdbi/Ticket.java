package dev.runledger.jdbi;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A call in the {@link Line}, and what became of it. The line changes its state; its own thread waits for that.
 *
 * @param <C> what says which call it is
 * @param <A> the answer of a call that another one made
 */
final class Ticket<C, A> {
    /** Lists the states of a call in the line. */
    enum State {
        /** It waits. */
        WAITS,
        /** It has a place, and makes its group. */
        LEADS,
        /** Another one makes it. */
        IS_LED,
        /** Another one has made it, or has left it to be made alone. */
        ANSWERED,
        /** Its time was over before it was sent to the database. */
        TOO_LATE,
        /** Its time was over after another one had sent it. */
        UNANSWERED
    }

    private final C call;
    private final @Nullable String subject;
    private final Object shape;
    private final long end;
    private final Thread thread = Thread.currentThread();
    private volatile State state = State.WAITS;
    private List<Ticket<C, A>> group = List.of();
    private @Nullable Ticket<C, A> leader;
    private boolean sent;
    private @Nullable A answer;
    private boolean inDoubt;

    /**
     * Makes a ticket, for the calling thread.
     *
     * @param subject the run or task of which a group can have one call; null if it can have any
     * @param shape what the calls of a group have in common
     * @param time how long the call may take from now on
     */
    Ticket(C call, @Nullable String subject, Object shape, Duration time) {
        this.call = call;
        this.subject = subject;
        this.shape = shape;
        this.end = System.nanoTime() + time.toNanos();
    }

    C call() {
        return call;
    }

    @Nullable
    String subject() {
        return subject;
    }

    /** Returns the shape of the call; those of one shape can be made together. */
    Object shape() {
        return shape;
    }

    long leftNanos() {
        return end - System.nanoTime();
    }

    /** Returns what is left of the time of the call. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, leftNanos()));
    }

    State state() {
        return state;
    }

    void become(State next) {
        state = next;
    }

    /** Lets another one make it. */
    void follow(Ticket<C, A> first) {
        leader = first;
        state = State.IS_LED;
    }

    /** Notes that the group was sent to the database. */
    void send() {
        sent = true;
    }

    /** Returns whether the one that leads it has sent it to the database. */
    boolean isSent() {
        return leader != null && leader.sent;
    }

    /** Gives it a place, with the group that it makes, itself among them. */
    void lead(List<Ticket<C, A>> led) {
        group = led;
        state = State.LEADS;
        LockSupport.unpark(thread);
    }

    /** Returns the calls that it makes. */
    List<Ticket<C, A>> group() {
        return group;
    }

    /** Lets it know what became of it: null if it has to be made alone. */
    void answer(@Nullable A given, boolean doubtful) {
        answer = given;
        inDoubt = doubtful;
        state = State.ANSWERED;
        LockSupport.unpark(thread);
    }

    @Nullable
    A answer() {
        return answer;
    }

    /** Returns whether it may have been stored, although there is no answer. */
    boolean isInDoubt() {
        return inDoubt;
    }
}
