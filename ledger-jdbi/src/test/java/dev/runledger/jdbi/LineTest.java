package dev.runledger.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.jdbi.Ticket.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may make a call when, and with whom. */
@Timeout(60)
class LineTest {
    private static final Duration PLENTY = Duration.ofMinutes(5);
    private static final int PLACES = 2;
    private static final long FOR_EVER = TimeUnit.DAYS.toNanos(1);

    private final Line<String, String> line = new Line<>(PLACES, FOR_EVER, false);

    /** A call that enters the line on a thread of its own. */
    private static final class Caller {
        private final CompletableFuture<Ticket<String, String>> made = new CompletableFuture<>();
        private final CompletableFuture<State> entered = new CompletableFuture<>();

        Caller(Line<String, String> line, String subject, Object shape, Duration time) throws Exception {
            Thread thread = new Thread(() -> {
                Ticket<String, String> ticket = LineTest.ticket(subject, shape, time);
                made.complete(ticket);
                entered.complete(line.enter(ticket));
            });
            thread.setDaemon(true);
            thread.start();
            ticket();
            while (!entered.isDone() && thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait(); // until it stands in the line, so that the next one stands behind it
            }
        }

        Ticket<String, String> ticket() throws Exception {
            return made.get(1, TimeUnit.MINUTES);
        }

        State state() throws Exception {
            return entered.get(30, TimeUnit.SECONDS);
        }
    }

    private static Ticket<String, String> ticket(String subject, Object shape, Duration time) {
        return new Ticket<>(subject, subject, shape, time);
    }

    private Caller caller(String subject, Object shape) throws Exception {
        return new Caller(line, subject, shape, PLENTY);
    }

    /** Takes every place with a call that comes alone. */
    private List<Ticket<String, String>> takeEveryPlace(Line<String, String> of) {
        return IntStream.range(0, PLACES)
                .mapToObj(i -> {
                    Ticket<String, String> alone = ticket("alone-" + i, "a", PLENTY);
                    assertThat(of.enter(alone)).isEqualTo(State.LEADS);
                    assertThat(alone.group()).containsExactly(alone);
                    return alone;
                })
                .toList();
    }

    @Test
    void whoLeavesAPlaceGivesItToTheFirstInLineAndToTheOthersOfItsShape() throws Exception {
        List<Ticket<String, String>> alone = takeEveryPlace(line);
        Caller first = caller("r1", "a");
        Caller other = caller("r2", "b");
        Caller second = caller("r3", "a");
        line.leave(alone.get(0));
        assertThat(first.state()).isEqualTo(State.LEADS);
        assertThat(first.ticket().group()).containsExactly(first.ticket(), second.ticket());
        assertThat(second.ticket().state()).isEqualTo(State.IS_LED);
        assertThat(other.ticket().state()).isEqualTo(State.WAITS);
        line.leave(first.ticket());
        assertThat(other.state()).isEqualTo(State.LEADS);
        assertThat(other.ticket().group()).containsExactly(other.ticket());
    }

    @Test
    void aRunIsInAGroupOnce() throws Exception {
        List<Ticket<String, String>> alone = takeEveryPlace(line);
        Caller first = caller("r1", "a");
        Caller again = caller("r1", "a");
        Caller other = caller("r2", "a");
        line.leave(alone.get(0));
        assertThat(first.state()).isEqualTo(State.LEADS);
        assertThat(first.ticket().group()).containsExactly(first.ticket(), other.ticket());
        line.leave(alone.get(1));
        assertThat(again.state()).isEqualTo(State.LEADS);
    }

    @Test
    void aGroupHasAMostAndTheRestGoesWithTheNext() throws Exception {
        List<Ticket<String, String>> alone = takeEveryPlace(line);
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i <= Line.MOST_IN_A_GROUP; i++) {
            callers.add(caller("r" + i, "a"));
        }
        line.leave(alone.get(0));
        assertThat(callers.get(0).state()).isEqualTo(State.LEADS);
        assertThat(callers.get(0).ticket().group()).hasSize(Line.MOST_IN_A_GROUP);
        assertThat(callers.get(Line.MOST_IN_A_GROUP).ticket().state()).isEqualTo(State.WAITS);
    }

    @Test
    void aPlaceThatIsHeldForLongIsGivenToAnotherOneToo() throws Exception {
        Line<String, String> impatient = new Line<>(PLACES, TimeUnit.MILLISECONDS.toNanos(1), false);
        List<Ticket<String, String>> alone = takeEveryPlace(impatient);
        Caller next = new Caller(impatient, "r1", "a", PLENTY);
        assertThat(next.state()).isEqualTo(State.LEADS);
        impatient.leave(alone.get(0)); // its place was given away, and leaving it gives away no other
        impatient.leave(next.ticket());
    }

    @Test
    void aCallWhoseTimeIsOverLeavesTheLine() throws Exception {
        List<Ticket<String, String>> alone = takeEveryPlace(line);
        Ticket<String, String> late = ticket("r1", "a", Duration.ZERO);
        assertThat(line.enter(late)).isEqualTo(State.TOO_LATE);
        Caller next = caller("r2", "a");
        line.leave(alone.get(0));
        assertThat(next.state()).isEqualTo(State.LEADS);
        assertThat(next.ticket().group()).containsExactly(next.ticket());
    }

    @Test
    void aCallWhoseTimeIsOverBeforeItsGroupIsSentIsNotSent() throws Exception {
        List<Ticket<String, String>> alone = takeEveryPlace(line);
        Caller first = caller("r1", "a");
        Caller late = new Caller(line, "r2", "a", Duration.ofMillis(200));
        line.leave(alone.get(0));
        assertThat(first.state()).isEqualTo(State.LEADS);
        assertThat(late.state()).isEqualTo(State.TOO_LATE);
        assertThat(line.send(first.ticket())).containsExactly(first.ticket());
    }

    @Test
    void aCallThatWasSentIsWaitedForALittleLongerAndItsOutcomeIsUnknown() throws Exception {
        List<Ticket<String, String>> alone = takeEveryPlace(line);
        Caller first = caller("r1", "a");
        Caller sent = new Caller(line, "r2", "a", Duration.ofSeconds(3));
        line.leave(alone.get(0));
        assertThat(first.state()).isEqualTo(State.LEADS);
        assertThat(line.send(first.ticket())).containsExactly(first.ticket(), sent.ticket());
        assertThat(sent.state()).isEqualTo(State.UNANSWERED);
    }

    @Test
    void anAnsweredCallGoesOn() throws Exception {
        List<Ticket<String, String>> alone = takeEveryPlace(line);
        Caller first = caller("r1", "a");
        Caller led = caller("r2", "a");
        line.leave(alone.get(0));
        assertThat(first.state()).isEqualTo(State.LEADS);
        led.ticket().answer(null, true);
        assertThat(led.state()).isEqualTo(State.ANSWERED);
        assertThat(led.ticket().isInDoubt()).isTrue();
    }

    @Test
    void anInterruptChangesNothingAndStands() throws Exception {
        List<Ticket<String, String>> alone = takeEveryPlace(line);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread interrupted = new Thread(() -> {
            Ticket<String, String> ticket = ticket("r1", "a", PLENTY);
            boolean leads = line.enter(ticket) == State.LEADS;
            flag.complete(leads && Thread.currentThread().isInterrupted());
        });
        interrupted.start();
        while (interrupted.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        interrupted.interrupt();
        line.leave(alone.get(0));
        assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptEndsTheWaitWhereItIsAskedTo() throws Exception {
        Line<String, String> interruptible = new Line<>(PLACES, FOR_EVER, true);
        List<Ticket<String, String>> alone = takeEveryPlace(interruptible);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread interrupted = new Thread(() -> {
            boolean left = interruptible.enter(ticket("r1", "a", PLENTY)) == State.TOO_LATE;
            flag.complete(left && Thread.currentThread().isInterrupted());
        });
        interrupted.start();
        while (interrupted.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        interrupted.interrupt();
        assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
        interruptible.leave(alone.get(0));
        assertThat(interruptible.enter(ticket("r2", "a", PLENTY))).isEqualTo(State.LEADS);
    }

    @Test
    void callsWithoutASubjectAreAllInAGroup() throws Exception {
        List<Ticket<String, String>> alone = takeEveryPlace(line);
        Caller first = new Caller(line, null, "a", PLENTY);
        Caller second = new Caller(line, null, "a", PLENTY);
        line.leave(alone.get(0));
        assertThat(first.state()).isEqualTo(State.LEADS);
        assertThat(first.ticket().group()).containsExactly(first.ticket(), second.ticket());
    }
}
