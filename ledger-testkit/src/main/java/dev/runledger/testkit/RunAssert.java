package dev.runledger.testkit;

import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.RunId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractAssert;

/**
 * Verifies the events of one run and its tasks. Made by {@link RecordingAssert#run(RunId)}.
 *
 * <p>The events of one thread keep their order. Those that several threads emitted for one run or task are sorted by seq. An {@code awaited}
 * or progress stays behind what was emitted before it. A description of {@code as} is passed on to the assertions that start here.
 */
public final class RunAssert extends AbstractAssert<RunAssert, Object> {
    private final History history;
    private final List<RecordedEvent> everything;

    RunAssert(History history, List<RecordedEvent> everything) {
        super(history, RunAssert.class);
        this.history = history;
        this.everything = everything;
    }

    /** Verifies that the run emitted exactly these events in this order, those of its tasks and its echo included. */
    public RunAssert emittedExactly(EventType... expected) {
        List<EventType> types = Arrays.asList(expected);
        Sequence.check(who(), history.events(), types).ifPresent(difference -> {
            throw failureWithActualExpected(
                    Sequence.names(history.events().stream()
                            .map(recorded -> recorded.event().type())
                            .toList()),
                    Sequence.names(types),
                    "%s",
                    difference + elsewhere());
        });
        return this;
    }

    /**
     * Verifies that the run emitted exactly as many events as there are assertions, those of its tasks and its echo included, and that each
     * event passes the assertion in its place.
     *
     * <pre>{@code
     * assertThat(recorder).run(id).emittedSatisfying(
     *         event -> event.isOf(QUEUED),
     *         event -> event.isOf(RUNNING).hasField(EventField.WORKER_ID, "w"));
     * }</pre>
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final RunAssert emittedSatisfying(Consumer<EventAssert>... expected) {
        Sequence.checkEach(who(), history.events(), Arrays.asList(expected)).ifPresent(difference -> {
            AssertionError failure = failure("%s", difference.what() + elsewhere());
            if (difference.cause() != null) {
                failure.initCause(difference.cause());
            }
            throw failure;
        });
        return this;
    }

    /** Returns the same assertions without the events of tasks. */
    public RunAssert withoutTasks() {
        return new RunAssert(history.withoutTasks(), everything).as("%s", descriptionText());
    }

    /** Returns the same assertions without {@code awaited}, for a test that does not care whether a caller waited for the run. */
    public RunAssert withoutAwaits() {
        return new RunAssert(history.withoutAwaits(), everything).as("%s", descriptionText());
    }

    /** Verifies that the run emitted no event of these types. */
    public RunAssert neverEmitted(EventType... types) {
        Sequence.checkNever(who(), history.events(), Set.of(types)).ifPresent(difference -> {
            throw failure("%s", difference);
        });
        return this;
    }

    /** Starts assertions on the only event of this type of the run. Fails if there is none or more than one. */
    public EventAssert event(EventType type) {
        List<Integer> found = places(type);
        if (found.size() != 1) {
            throw differs("one " + type.eventName(), "emitted " + found.size(), found.size() > 1 ? found.get(1) : -1);
        }
        return eventAt(found.get(0));
    }

    /** Starts assertions on an event of this type of the run, counted from 1. */
    public EventAssert event(EventType type, int number) {
        List<Integer> found = places(type);
        if (number < 1 || number > found.size()) {
            throw differs("%s number %s".formatted(type.eventName(), number), "emitted " + found.size(), -1);
        }
        return eventAt(found.get(number - 1));
    }

    /** Verifies that the run has ended, and that nothing followed but one echo, {@code awaited} and {@code overdue}. */
    public RunAssert hasNothingAfterItsEnd() {
        int end = history.end();
        if (end < 0) {
            throw differs("an end", "has no terminal event", -1);
        }
        boolean echoed = false;
        for (int i = end + 1; i < history.events().size(); i++) {
            RecordedEvent after = history.events().get(i);
            boolean aside = after.isAside();
            if (!aside && (echoed || !History.isEcho(after))) {
                throw differs(
                        "nothing after its end, which is event " + (end + 1),
                        "emitted " + after.event().eventName() + (History.isEcho(after) ? " again" : ""),
                        i);
            }
            echoed |= !aside;
        }
        return this;
    }

    /** Verifies that the end was echoed once, right after it, with its outcome and its duration. */
    public RunAssert isEchoed() {
        hasNothingAfterItsEnd();
        int end = history.end();
        List<Integer> echoes = places(WorkflowRunEvent.COMPLETED);
        if (echoes.isEmpty()) {
            throw differs("an echo of its end, workflow.run.completed", "has none", end);
        }
        int first = echoes.get(0);
        if (first < end) {
            throw differs("an echo after its end, which is event " + (end + 1), "was echoed before it", first);
        }
        LedgerEvent ended = history.events().get(end).event();
        LedgerEvent echo = history.events().get(first).event();
        echoes(EventField.OUTCOME, Optional.of(outcome(ended)), echo.get(EventField.OUTCOME), first);
        echoes(EventField.DURATION_MS, ended.get(EventField.DURATION_MS), echo.get(EventField.DURATION_MS), first);
        return this;
    }

    private void echoes(EventField field, Optional<?> expected, Optional<?> says, int place) {
        if (!expected.equals(says)) {
            throw differs(
                    "an echo with %s=%s".formatted(field.fieldName(), shown(expected)),
                    "is echoed with %s=%s".formatted(field.fieldName(), shown(says)),
                    place);
        }
    }

    private static Object shown(Optional<?> value) {
        return value.isPresent() ? value.get() : "(absent)";
    }

    /** Returns the outcome that the echo of this end has. */
    private static String outcome(LedgerEvent end) {
        return end.type() == WorkflowRunEvent.ENQUEUE_FAILED
                ? "failed"
                : end.eventName().substring("workflow.run.".length());
    }

    /** Verifies that every duration fits the times of the events, to the millisecond. Fails if nothing was emitted. */
    public RunAssert hasConsistentDurations() {
        return hasConsistentDurations(Duration.ofMillis(1));
    }

    /** Verifies that every duration fits the times of the events, give or take the tolerance. Fails if nothing was emitted. */
    public RunAssert hasConsistentDurations(Duration tolerance) {
        requireEvents("durations that fit the clock");
        DurationCheck.first(history, tolerance.toMillis()).ifPresent(wrong -> {
            throw differs("durations that fit the clock", wrong.what(), wrong.index());
        });
        return this;
    }

    /** Verifies that the run waited this long in its queue, and that {@code running} and its end say so. */
    public RunAssert waitedInQueue(Duration expected) {
        if (places(WorkflowRunEvent.RUNNING).isEmpty()) {
            throw differs(
                    "%s=%s".formatted(EventField.QUEUE_WAIT_MS.fieldName(), expected.toMillis()),
                    "emitted no " + WorkflowRunEvent.RUNNING.eventName(),
                    -1);
        }
        return everySays(
                EventField.QUEUE_WAIT_MS,
                expected,
                recorded -> recorded.event().type() == WorkflowRunEvent.RUNNING || History.isEnd(recorded));
    }

    /** Verifies that the run took this long, and that its end and its echo, if it has one, say so. */
    public RunAssert took(Duration expected) {
        int end = history.end();
        if (end < 0) {
            throw differs("an end", "has no terminal event", -1);
        }
        return everySays(
                EventField.DURATION_MS, expected, recorded -> History.isEnd(recorded) || History.isEcho(recorded));
    }

    /** Verifies that tasks of the run were retried this often as their policies expect, and never otherwise. */
    public RunAssert hadExpectedRetries(int expected) {
        return hadRetries(expected, 0);
    }

    /** Verifies that tasks of the run were retried this often although their policies do not expect it, and never otherwise. */
    public RunAssert hadUnexpectedRetries(int unexpected) {
        return hadRetries(0, unexpected);
    }

    /**
     * Verifies that tasks of the run were retried this often as expected, and this often unexpectedly. A retry that does not say which is
     * unexpected. Fails if nothing was emitted.
     */
    public RunAssert hadRetries(int expected, int unexpected) {
        requireEvents("%s expected and %s unexpected retries".formatted(expected, unexpected));
        List<Integer> wanted = retries(true);
        List<Integer> unwanted = retries(false);
        if (wanted.size() != expected || unwanted.size() != unexpected) {
            List<Integer> marked = unwanted.size() > unexpected ? unwanted : wanted;
            int most = unwanted.size() > unexpected ? unexpected : expected;
            throw differs(
                    "%s expected and %s unexpected retries".formatted(expected, unexpected),
                    "had %s expected and %s unexpected".formatted(wanted.size(), unwanted.size()),
                    marked.size() > most ? marked.get(most) : -1);
        }
        return this;
    }

    /**
     * Verifies that every event of this run names that one as its parent, and that a hand-off of the parent, if there is any, names this
     * run.
     */
    public RunAssert isChildOf(RunId parent) {
        requireEvents("that its parent is run " + parent);
        for (int i = 0; i < history.events().size(); i++) {
            Optional<String> recorded = history.events().get(i).event().text(EventField.PARENT_RUN_ID);
            if (!recorded.equals(Optional.of(parent.value()))) {
                throw differs(
                        "that its parent is run " + parent,
                        recorded.map(other -> "says that its parent is " + other)
                                .orElse("names no parent"),
                        i);
            }
        }
        List<RecordedEvent> handOffs = History.of(everything, parent.value()).events().stream()
                .filter(recorded -> recorded.event().type() == WorkflowRunEvent.HANDED_OFF)
                .toList();
        if (!handOffs.isEmpty() && handOffs.stream().noneMatch(recorded -> names(recorded, history.runId()))) {
            throw differs("that its parent is run " + parent, "is named by none of that run's hand-offs", -1);
        }
        return this;
    }

    /** Verifies that the run handed its work to this child exactly once. */
    public RunAssert handedOffTo(RunId child) {
        List<Integer> found = places(WorkflowRunEvent.HANDED_OFF).stream()
                .filter(i -> names(history.events().get(i), child.value()))
                .toList();
        if (found.size() != 1) {
            throw differs("one hand-off to run " + child, "has " + found.size(), found.size() > 1 ? found.get(1) : -1);
        }
        return this;
    }

    /**
     * Verifies that this thread emitted every event of the run. Another thread has neither the MDC nor the trace of the work, and may be
     * outside its transaction.
     */
    public RunAssert wasEmittedByThisThread() {
        Thread here = Thread.currentThread();
        for (int i = 0; i < history.events().size(); i++) {
            RecordedEvent recorded = history.events().get(i);
            if (recorded.threadId() != here.getId()) {
                throw differs(
                        "that thread %s emitted all of it".formatted(here.getName()),
                        "emitted %s on thread %s".formatted(recorded.event().eventName(), recorded.thread()),
                        i);
            }
        }
        return this;
    }

    // ---- inside

    /** Fails if the run has no event: what is verified for every event would hold for a run that does not exist. */
    private void requireEvents(String expected) {
        if (history.events().isEmpty()) {
            throw differs(expected, "emitted nothing", -1);
        }
    }

    private RunAssert everySays(EventField field, Duration expected, Predicate<RecordedEvent> chosen) {
        for (int i = 0; i < history.events().size(); i++) {
            RecordedEvent recorded = history.events().get(i);
            Optional<Long> says = recorded.event().number(field);
            if (chosen.test(recorded) && !says.equals(Optional.of(expected.toMillis()))) {
                throw differs(
                        "%s=%s".formatted(field.fieldName(), expected.toMillis()),
                        says.map(value -> "says %s=%s".formatted(field.fieldName(), value))
                                .orElse("does not say"),
                        i);
            }
        }
        return this;
    }

    private List<Integer> retries(boolean expected) {
        return places(TaskRunEvent.RETRYING).stream()
                .filter(i -> expected == isExpectedRetry(history.events().get(i)))
                .toList();
    }

    private static boolean isExpectedRetry(RecordedEvent retry) {
        return retry.event().get(EventField.RETRY_EXPECTED).equals(Optional.of(true));
    }

    private List<Integer> places(EventType type) {
        return IntStream.range(0, history.events().size())
                .filter(i -> history.events().get(i).event().type() == type)
                .boxed()
                .toList();
    }

    private EventAssert eventAt(int place) {
        return new EventAssert(history.events().get(place).event(), history.events()).as("%s", descriptionText());
    }

    private static boolean names(RecordedEvent handOff, String child) {
        return handOff.event()
                .text(EventField.CHILD_RUN_ID)
                .filter(child::equals)
                .isPresent();
    }

    private String who() {
        return "Run " + history.runId();
    }

    /** Returns the events of other runs if this one has none: it may have been emitted under another id. */
    private String elsewhere() {
        return history.events().isEmpty() && !everything.isEmpty()
                ? "\n\nOther runs emitted\n" + HistoryTable.of(everything)
                : "";
    }

    private AssertionError differs(String expected, String was, int marked) {
        return failure(
                "%s",
                "Expected of run %s: %s%nbut it %s%s%n%n%s%s"
                        .formatted(
                                history.runId(),
                                expected,
                                was,
                                marked < 0 ? "" : " at event " + (marked + 1),
                                HistoryTable.of(history.events(), marked, ""),
                                elsewhere()));
    }
}
