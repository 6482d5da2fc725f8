package dev.runledger.operations;

import static dev.runledger.event.WorkflowRunEvent.CANCELLED;
import static dev.runledger.event.WorkflowRunEvent.COMPLETED;
import static dev.runledger.event.WorkflowRunEvent.FAILED;
import static dev.runledger.event.WorkflowRunEvent.OVERDUE;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.REQUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.event.EventField;
import dev.runledger.event.EventType;
import dev.runledger.event.LedgerEvent;
import dev.runledger.failure.Failure;
import dev.runledger.operations.RunPolicy.ChildFailure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Recovery;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.LeaseStore;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.LedgerAssertions;
import dev.runledger.testkit.MutableClock;
import dev.runledger.testkit.RecordingSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What one pass of the sweep does to the runs of each kind. */
class SweepTest {
    private static final Duration LOST_AFTER = Duration.ofSeconds(30);

    private final MutableClock clock = MutableClock.at("2026-03-01T10:00:00Z");
    private final RunStore store = RunStore.inMemory(clock, 1_000);
    private final List<RunId> enqueued = new ArrayList<>();
    private final RecordingSink events = new RecordingSink();
    private final Ledger ledger = Ledger.builder()
            .store(store)
            .clock(clock)
            .sink(events)
            .queue(run -> enqueued.add(run.id()))
            .build();

    /** The ledger of another process, which can be lost. */
    private final Ledger other =
            Ledger.builder().store(store).clock(clock).sink(events).build();

    private final LeaseStore leases = ledger.maintenance().port(LeaseStore.class);

    private Operations with(RunPolicy policy) {
        return Operations.builder(ledger).policy(policy).lostAfter(LOST_AFTER).build();
    }

    private void sweep(Operations operations) {
        assertThat(operations.sweep()).isTrue();
        assertThat(operations.counters().failures()).isZero();
    }

    private RunId queued() {
        return ledger.dispatch(NewRun.of("review")).orElseThrow().id();
    }

    /** Returns a run that the other process has, which sends heartbeats no more. */
    private RunId ofLostProcess() {
        assertThat(leases.heartbeat(other.instance(), LOST_AFTER)).isFalse();
        RunId id = queued();
        other.start(id, "worker-1").orElseThrow();
        clock.advance(LOST_AFTER.plusMillis(1));
        return id;
    }

    private RunState state(RunId id) {
        return ledger.history().state(id).orElseThrow();
    }

    private LedgerEvent last(RunId id, EventType type) {
        return events.eventsOf(id).stream()
                .filter(event -> event.type() == type)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Test
    void aRunOfALostProcessFails() {
        Operations operations = with(RunPolicy.defaults());
        RunId id = ofLostProcess();
        sweep(operations);
        WorkflowRun run = ledger.history().run(id).orElseThrow();
        assertThat(run.state()).isEqualTo(RunState.FAILED);
        assertThat(run.failure()).map(Failure::category).contains(Failure.Category.WORKER_LOST);
        assertThat(run.reason())
                .hasValueSatisfying(
                        reason -> assertThat(reason).startsWith("worker lost: its process " + other.instance()));
        assertThat(last(id, FAILED).text(EventField.RECOVERED)).contains("worker_lost");
        assertThat(operations.counters().recovered(Recovery.WORKER_LOST, "failed"))
                .isOne();
        assertThat(operations.counters().lostInstances()).isOne();
        assertThat(leases.lostInstances()).isEmpty();
        LedgerAssertions.assertThat(events).run(id).emittedExactly(QUEUED, RUNNING, FAILED, COMPLETED);
    }

    @Test
    void aRunOfALostProcessIsRequeuedUntilItWasStartedOftenEnough() {
        Operations operations = with(RunPolicy.defaults().executions(2));
        RunId id = ofLostProcess();
        enqueued.clear();
        sweep(operations);
        assertThat(state(id)).isEqualTo(RunState.QUEUED);
        assertThat(enqueued).containsExactly(id);
        assertThat(last(id, REQUEUED).text(EventField.RECOVERED)).contains("worker_lost");

        assertThat(leases.heartbeat(other.instance(), LOST_AFTER)).isFalse();
        other.start(id, "worker-1").orElseThrow();
        clock.advance(LOST_AFTER.plusMillis(1));
        sweep(operations);
        assertThat(state(id)).isEqualTo(RunState.FAILED);
        assertThat(operations.counters().recovered(Recovery.WORKER_LOST, "requeued"))
                .isOne();
        assertThat(operations.counters().recovered(Recovery.WORKER_LOST, "failed"))
                .isOne();
    }

    @Test
    void theLateEndOfALostProcessIsRejected() {
        RunId id = ofLostProcess();
        String claim = ledger.history().run(id).flatMap(WorkflowRun::claimToken).orElseThrow();
        sweep(with(RunPolicy.defaults().executions(5)));
        ledger.start(id, "worker-2").orElseThrow();
        assertThat(other.succeed(id, CallOptions.expectedClaim(claim))).isInstanceOf(Transition.Rejected.class);
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aProcessWithoutOperationsIsNeverTakenForLost() {
        RunId id = queued();
        other.start(id, "worker-1").orElseThrow();
        clock.advance(Duration.ofDays(365));
        sweep(with(RunPolicy.defaults()));
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aProcessThatIsHeardKeepsItsRuns() {
        Operations operations = with(RunPolicy.defaults());
        RunId id = ofLostProcess();
        assertThat(leases.heartbeat(other.instance(), LOST_AFTER)).isTrue();
        sweep(operations);
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aRunThatNobodyTookIsOfferedAgainWithGrowingPauses() {
        Operations operations = with(RunPolicy.defaults().offerAfter(Duration.ofMinutes(1)));
        RunId id = queued();
        enqueued.clear();
        List<Integer> offeredAt = new ArrayList<>();
        for (int minute = 1; minute <= 16; minute++) {
            clock.advance(Duration.ofMinutes(1));
            sweep(operations);
            if (!enqueued.isEmpty()) {
                assertThat(enqueued).containsExactly(id);
                offeredAt.add(minute);
                enqueued.clear();
            }
        }
        assertThat(offeredAt).containsExactly(1, 2, 4, 8, 16);
        assertThat(operations.counters().offered()).isEqualTo(5);
    }

    @Test
    void aRunThatTheQueueRefusesIsOfferedWithTheNextPass() {
        RunId id = queued();
        List<Boolean> full = new ArrayList<>(List.of(true, true, false));
        List<RunId> taken = new ArrayList<>();
        Ledger next = Ledger.builder()
                .store(store)
                .clock(clock)
                .sink(events)
                .queue(run -> {
                    if (full.remove(0)) {
                        throw new IllegalStateException("full");
                    }
                    taken.add(run.id());
                })
                .build();
        clock.advance(Duration.ofMinutes(1));
        try (Operations operations = Operations.builder(next).build()) {
            for (int pass = 1; pass <= 4; pass++) {
                assertThat(operations.sweep()).isTrue();
            }
            assertThat(taken).containsExactly(id);
            assertThat(operations.counters().failures()).isEqualTo(2);
        }
    }

    @Test
    void aResumedRunIsOfferedAgain() {
        RunId id = queued();
        ledger.start(id, "worker-1").orElseThrow();
        ledger.suspend(id, Wait.of(Wait.Code.APPROVAL)).orElseThrow();
        ledger.resume(id, Resumption.of()).orElseThrow();
        enqueued.clear();
        clock.advance(Duration.ofMinutes(1));
        sweep(with(RunPolicy.defaults()));
        assertThat(enqueued).containsExactly(id);
        assertThat(state(id)).isEqualTo(RunState.RUNNING);
    }

    @Test
    void aRunThatIsQueuedForTooLongFails() {
        Operations operations = with(RunPolicy.defaults().queuedAtMost(Duration.ofSeconds(20)));
        RunId id = queued();
        clock.advance(Duration.ofSeconds(19));
        sweep(operations);
        assertThat(state(id)).isEqualTo(RunState.QUEUED);
        clock.advance(Duration.ofSeconds(1));
        sweep(operations);
        assertThat(last(id, FAILED).text(EventField.RECOVERED)).contains("never_started");
        assertThat(last(id, FAILED).text(EventField.REASON))
                .contains("never started: it was queued for 20 s, and may be for 20 s");
    }

    @Test
    void aRunThatIsRunningForTooLongFails() {
        Operations operations = Operations.builder(ledger)
                .policy("review", RunPolicy.defaults().runningAtMost(Duration.ofHours(1)))
                .build();
        RunId id = queued();
        ledger.start(id, "worker-1").orElseThrow();
        RunId unlimited = ledger.dispatch(NewRun.of("import")).orElseThrow().id();
        ledger.start(unlimited, "worker-1").orElseThrow();
        clock.advance(Duration.ofHours(1));
        sweep(operations);
        assertThat(last(id, FAILED).text(EventField.RECOVERED)).contains("out_of_time");
        assertThat(last(id, FAILED).text(EventField.ERROR_CATEGORY)).contains("timeout");
        assertThat(state(unlimited)).isEqualTo(RunState.RUNNING);
    }

    private RunId waiting(Wait wait) {
        RunId id = queued();
        ledger.start(id, "worker-1").orElseThrow();
        ledger.suspend(id, wait).orElseThrow();
        return id;
    }

    @Test
    void aDeadlineDoesWhatTheWaitSays() {
        Instant deadline = clock.instant().plusSeconds(60);
        Wait wait = Wait.of(Wait.Code.APPROVAL).reason("waits for a person");
        RunId reported = waiting(wait.until(deadline, Wait.OnDeadline.REPORT));
        RunId failed = waiting(wait.until(deadline, Wait.OnDeadline.FAIL));
        RunId cancelled = waiting(wait.until(deadline, Wait.OnDeadline.CANCEL));
        RunId resumed = waiting(wait.resumeAt(deadline, "expired"));
        Operations operations = with(RunPolicy.defaults());
        clock.advance(Duration.ofSeconds(59));
        sweep(operations);
        assertThat(List.of(state(reported), state(failed), state(cancelled), state(resumed)))
                .containsOnly(RunState.SUSPENDED);
        clock.advance(Duration.ofSeconds(3));
        sweep(operations);
        assertThat(state(failed)).isEqualTo(RunState.FAILED);
        assertThat(state(cancelled)).isEqualTo(RunState.CANCELLED);
        assertThat(last(cancelled, CANCELLED).text(EventField.RECOVERED)).contains("deadline");
        assertThat(ledger.history().run(resumed).orElseThrow().resumption())
                .hasValueSatisfying(answer -> assertThat(answer.decision()).contains("expired"));

        sweep(operations);
        assertThat(state(reported)).isEqualTo(RunState.SUSPENDED);
        LedgerAssertions.assertThat(events).run(reported).emittedExactly(QUEUED, RUNNING, SUSPENDED, OVERDUE);
        LedgerEvent overdue = last(reported, OVERDUE);
        assertThat(overdue.eventId()).isEqualTo(reported + ":3:overdue");
        assertThat(overdue.number(EventField.WAIT_MS)).contains(62_000L);
        assertThat(overdue.text(EventField.REASON)).contains("waits for a person");
        assertThat(operations.counters().overdue()).isOne();
    }

    private RunId handedOff(RunId... children) {
        RunId parent = ledger.dispatch(NewRun.of("release")).orElseThrow().id();
        ledger.start(parent, "worker-1").orElseThrow();
        for (RunId child : children) {
            ledger.handOff(parent, NewRun.of("review").id(child)).orElseThrow();
        }
        return parent;
    }

    @Test
    void aParentEndsWithItsChildren() {
        RunPolicy policy = RunPolicy.defaults().endsWithChildren(ChildFailure.INCOMPLETE);
        Operations operations =
                Operations.builder(ledger).policy("release", policy).build();
        RunId good = RunId.of("good");
        RunId bad = RunId.of("bad");
        RunId ofGood = handedOff(good);
        RunId ofBad = handedOff(bad);
        sweep(operations);
        assertThat(List.of(state(ofGood), state(ofBad))).containsOnly(RunState.RUNNING);
        ledger.start(good, "worker-2").orElseThrow();
        ledger.succeed(good).orElseThrow();
        ledger.start(bad, "worker-2").orElseThrow();
        ledger.fail(bad, Failure.of("red")).orElseThrow();
        sweep(operations);
        assertThat(state(ofGood)).isEqualTo(RunState.SUCCEEDED);
        assertThat(ledger.history().run(ofBad).orElseThrow())
                .extracting(WorkflowRun::state, run -> run.reason().orElse(""))
                .containsExactly(RunState.INCOMPLETE, "child bad is FAILED: red");
        assertThat(operations.counters().recovered())
                .containsEntry(
                        Recovery.CHILDREN_ENDED,
                        Map.of("succeeded", 1L, "incomplete", 1L, "failed", 0L, "rejected", 0L));
    }

    @Test
    void childrenAreCancelledWithTheirParent() {
        RunId child = RunId.of("child");
        RunId parent = handedOff(child);
        ledger.cancel(parent, "not needed").orElseThrow();
        sweep(with(RunPolicy.defaults()));
        assertThat(state(child)).isEqualTo(RunState.QUEUED);
        sweep(with(RunPolicy.defaults().cancelledWithParent()));
        assertThat(last(child, CANCELLED).text(EventField.RECOVERED)).contains("parent_cancelled");
        assertThat(last(child, CANCELLED).text(EventField.REASON)).contains("its parent " + parent + " was cancelled");
    }

    @Test
    void manyRunsAreFoundPartByPart() {
        assertThat(leases.heartbeat(other.instance(), LOST_AFTER)).isFalse();
        List<RunId> all = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            all.add(queued());
            other.start(all.get(i), "worker-1").orElseThrow();
        }
        clock.advance(LOST_AFTER.plusMillis(1));
        sweep(with(RunPolicy.defaults()));
        assertThat(all).allMatch(id -> state(id) == RunState.FAILED);
    }

    @Test
    void anotherProcessWithTheLeaseSweepsAlone() {
        assertThat(leases.lease("sweeper", "another", Duration.ofSeconds(10))).isTrue();
        Operations operations = with(RunPolicy.defaults());
        RunId id = ofLostProcess();
        assertThat(operations.sweep()).isTrue(); // its lease is over by now
        assertThat(state(id)).isEqualTo(RunState.FAILED);
        leases.release("sweeper", ledger.instance());
        assertThat(leases.lease("sweeper", "another", Duration.ofSeconds(10))).isTrue();
        assertThat(operations.sweep()).isFalse();
    }
}
