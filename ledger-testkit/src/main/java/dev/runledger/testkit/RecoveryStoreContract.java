package dev.runledger.testkit;

import static dev.runledger.testkit.Commands.WORKER;
import static dev.runledger.testkit.Commands.cancel;
import static dev.runledger.testkit.Commands.claim;
import static dev.runledger.testkit.Commands.fail;
import static dev.runledger.testkit.Commands.handOff;
import static dev.runledger.testkit.Commands.requeue;
import static dev.runledger.testkit.Commands.resume;
import static dev.runledger.testkit.Commands.start;
import static dev.runledger.testkit.Commands.succeed;
import static dev.runledger.testkit.Commands.suspend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Payload;
import dev.runledger.run.Recovery;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait.OnDeadline;
import dev.runledger.run.WorkflowRun;
import dev.runledger.store.RecoveryStore;
import dev.runledger.store.RecoveryStore.Found;
import dev.runledger.store.RecoveryStore.Kind;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunImport;
import dev.runledger.store.StoreCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * Tests what every {@link RecoveryStore} promises, and what a store keeps for it with a run. A test of a store extends this class and
 * supplies {@link #newStore()}. Runs that have to be old are imported, so that no test waits.
 */
@NullUnmarked // a null that should not be there fails the test that it is in
public abstract class RecoveryStoreContract extends StoreContract {
    private static final Instant LONG_AGO = Instant.parse("2020-02-02T02:02:02.000002Z");
    private static final Instant FAR_AWAY = Instant.parse("2999-01-01T00:00:00Z");
    private static final Duration OLD = Duration.ofDays(1_000);

    /** With what the ids of a test begin, so that it sees no other runs. */
    private final String prefix = UUID.randomUUID() + "-";

    private int made;

    /** Used by subclasses. */
    protected RecoveryStoreContract() {}

    private RecoveryStore recovery() {
        assertThat(store).isInstanceOf(RecoveryStore.class);
        return (RecoveryStore) store;
    }

    private NewRun asked() {
        return NewRun.of("review").id(RunId.of(prefix + made++));
    }

    private RunId queued() {
        return dispatched(asked()).id();
    }

    private RunId running() {
        RunId id = queued();
        applied(start(id, WORKER));
        return id;
    }

    private RunId suspended(Wait wait) {
        RunId id = running();
        applied(suspend(id, wait));
        return id;
    }

    private static Wait until(Instant deadline) {
        return Wait.of(Wait.Code.APPROVAL).until(deadline, OnDeadline.REPORT);
    }

    private RunId imported(RunImport life) {
        return store.apply(life.toCommand()).orElseThrow().id();
    }

    /** Returns what is found of the runs of this test, page by page. */
    private List<Found> found(Kind kind, Duration age) {
        List<Found> all = new ArrayList<>();
        Optional<RunId> after = Optional.of(RunId.of(prefix));
        while (after.isPresent()) {
            List<Found> page = recovery().find(kind, age, after, 2);
            assertThat(page).hasSizeLessThanOrEqualTo(2);
            page.stream()
                    .filter(found -> found.run().id().value().startsWith(prefix))
                    .forEach(all::add);
            after = page.size() < 2
                    ? Optional.empty()
                    : Optional.of(page.get(1).run().id())
                            .filter(id -> id.value().startsWith(prefix));
        }
        return all;
    }

    private List<RunId> ids(Kind kind) {
        return found(kind, Duration.ZERO).stream()
                .map(found -> found.run().id())
                .toList();
    }

    // ---- what is found

    @Test
    final void eachKindIsFoundAmongAllOthers() {
        Map<Kind, List<RunId>> expected = new EnumMap<>(Kind.class);
        RunId queued = queued();
        RunId requeued = running();
        applied(requeue(requeued));
        RunId resumed = suspended(until(LONG_AGO));
        applied(resume(resumed, Resumption.of()));
        RunId running = running();
        RunId claimed = suspended(until(FAR_AWAY));
        applied(resume(claimed, Resumption.of()));
        applied(claim(claimed, WORKER));
        RunId overdue = suspended(until(LONG_AGO));
        suspended(until(FAR_AWAY));
        suspended(Wait.of(Wait.Code.OTHER));
        RunId handedOff = running();
        NewRun child = asked().parentRunId(handedOff);
        applied(handOff(handedOff, child));
        RunId cancelled = running();
        RunId orphan = dispatched(asked().parentRunId(cancelled)).id();
        applied(cancel(cancelled));
        RunId over = running();
        applied(succeed(over));

        RunId childId = child.id().orElseThrow();
        expected.put(Kind.UNCLAIMED, List.of(queued, requeued, resumed, childId, orphan));
        expected.put(Kind.RUNNING, List.of(running, claimed));
        expected.put(Kind.OVERDUE, List.of(overdue));
        expected.put(Kind.CHILDREN_ENDED, List.of());
        expected.put(Kind.PARENT_CANCELLED, List.of(orphan));
        for (Kind kind : Kind.values()) {
            assertThat(ids(kind)).as(kind.name()).containsExactlyInAnyOrderElementsOf(expected.get(kind));
        }
    }

    @Test
    final void aRunThatWasHandedOffIsFoundOnceNoneOfItsChildrenIsInFlight() {
        RunId parent = running();
        NewRun child = asked().parentRunId(parent);
        applied(handOff(parent, child));
        RunId second = dispatched(asked().parentRunId(parent)).id();
        applied(cancel(child.id().orElseThrow()));
        assertThat(ids(Kind.CHILDREN_ENDED)).isEmpty();
        applied(cancel(second));
        assertThat(ids(Kind.CHILDREN_ENDED)).containsExactly(parent);
        applied(succeed(parent));
        assertThat(ids(Kind.CHILDREN_ENDED)).isEmpty();
    }

    @Test
    final void onlyTheChildrenOfACancelledParentAreFound() {
        RunId failed = running();
        RunId other = dispatched(asked().parentRunId(failed)).id();
        applied(fail(failed, Failure.of("x")));
        RunId parent = running();
        RunId over = dispatched(asked().parentRunId(parent)).id();
        applied(start(over, WORKER));
        applied(succeed(over));
        RunId child = dispatched(asked().parentRunId(parent)).id();
        applied(start(child, WORKER));
        assertThat(ids(Kind.PARENT_CANCELLED)).isEmpty();
        applied(cancel(parent));
        assertThat(ids(Kind.PARENT_CANCELLED)).containsExactly(child).doesNotContain(other);
    }

    @Test
    final void aRunIsFoundOnceItIsOldEnough() {
        RunId young = queued();
        RunId old = imported(RunImport.of(asked(), LONG_AGO));
        RunId started = imported(RunImport.of(asked(), LONG_AGO).started(LONG_AGO.plusSeconds(1), WORKER));
        RunId waiting = imported(RunImport.of(asked(), LONG_AGO)
                .started(LONG_AGO, WORKER)
                .suspended(LONG_AGO, until(LONG_AGO.plusSeconds(2))));
        RunId justOver = suspended(until(Instant.now().minusSeconds(60)));

        assertThat(ids(Kind.UNCLAIMED)).containsExactlyInAnyOrder(young, old);
        assertThat(ids(Kind.OVERDUE)).containsExactlyInAnyOrder(waiting, justOver);
        Map<Kind, RunId> expected = Map.of(Kind.UNCLAIMED, old, Kind.RUNNING, started, Kind.OVERDUE, waiting);
        expected.forEach((kind, id) -> assertThat(found(kind, OLD))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.run().id()).isEqualTo(id);
                    assertThat(found.age()).isGreaterThan(OLD).isLessThan(Duration.between(LONG_AGO, FAR_AWAY));
                }));
        assertThat(found(Kind.UNCLAIMED, Duration.ofDays(365L * 100_000_000))).isEmpty();
    }

    @Test
    final void aDraftRunIsFoundAsAnyOther() {
        RunId draft = dispatched(asked().channel(NewRun.Channel.DRAFT)).id();
        assertThat(ids(Kind.UNCLAIMED)).containsExactly(draft);
    }

    @Test
    final void whatIsFoundIsTheRunWithoutItsPayloads() {
        Trigger trigger = Trigger.of("push").payload(Payload.stored("{}", null, 2, null, false));
        RunId id = dispatched(asked().trigger(trigger).input("{}")).id();
        assertThat(reread(id).request().trigger().flatMap(Trigger::payload)).isPresent();
        assertThat(found(Kind.UNCLAIMED, Duration.ZERO))
                .extracting(Found::run)
                .containsExactly(reread(id).withoutPayloads());
    }

    @Test
    final void runsAreFoundInTheOrderOfTheirIds() {
        List<RunId> queued = IntStream.range(0, 5).mapToObj(i -> queued()).toList();
        assertThat(ids(Kind.UNCLAIMED)).containsExactlyElementsOf(queued);
        assertThat(recovery().find(Kind.UNCLAIMED, Duration.ZERO, Optional.of(queued.get(1)), 1))
                .extracting(found -> found.run().id())
                .containsExactly(queued.get(2));
        assertThat(recovery().find(Kind.UNCLAIMED, Duration.ZERO, Optional.empty(), 1))
                .hasSize(1);
    }

    // ---- what a process has

    private static StoreCommand.Head of(String instance) {
        return StoreCommand.Head.of().instance(instance);
    }

    private RunId startedBy(String instance) {
        RunId id = queued();
        applied(new RunChange.Start(id, WORKER, of(instance)));
        return id;
    }

    @Test
    final void theRunsOfAProcessAreThoseThatItStartedOrClaimedAndStillHas() {
        String instance = "of-" + prefix;
        RunId started = startedBy(instance);
        RunId claimed = suspended(until(FAR_AWAY));
        applied(resume(claimed, Resumption.of()));
        applied(new StoreCommand.ClaimRun(claimed, WORKER, of(instance)));
        RunId third = startedBy(instance);
        startedBy("other-" + instance);
        running();
        applied(succeed(startedBy(instance)));
        applied(requeue(startedBy(instance)));

        assertThat(recovery().runsOf(instance, Optional.empty(), 10))
                .containsExactly(
                        reread(started).withoutPayloads(),
                        reread(claimed).withoutPayloads(),
                        reread(third).withoutPayloads());
        assertThat(recovery().runsOf(instance, Optional.of(started), 1))
                .extracting(WorkflowRun::id)
                .containsExactly(claimed);
        assertThat(recovery().runsOf("nobody-" + prefix, Optional.empty(), 10)).isEmpty();
    }

    @Test
    final void aRunHasItsProcessAsLongAsItHasAnOwner() {
        RunId id = queued();
        WorkflowRun started = applied(new RunChange.Start(id, WORKER, of("one")));
        assertThat(started.instance()).contains("one");
        assertThat(reread(id)).isEqualTo(started);
        assertThat(applied(requeue(id)).instance()).isEmpty();
        applied(new RunChange.Start(id, WORKER, of("two")));
        assertThat(applied(suspend(id, until(FAR_AWAY))).instance()).isEmpty();
        assertThat(applied(resume(id, Resumption.of())).instance()).isEmpty();
        WorkflowRun claimed = applied(new StoreCommand.ClaimRun(id, WORKER, of("three")));
        assertThat(claimed.instance()).contains("three");
        assertThat(reread(id)).isEqualTo(claimed);
        assertThat(applied(fail(id, Failure.of("x"))).instance()).contains("three");
        assertThat(reread(id).instance()).contains("three");

        RunId parent = startedBy("four");
        assertThat(applied(handOff(parent, asked().parentRunId(parent))).instance())
                .isEmpty();
        assertThat(reread(parent).instance()).isEmpty();
        RunId unnamed = running();
        assertThat(reread(unnamed).instance()).isEmpty();
    }

    // ---- deadlines

    @Test
    final void aDeadlineIsReportedOnceForEachWait() {
        RunId id = suspended(until(LONG_AGO));
        long seq = reread(id).seq();
        assertThat(recovery().reportOverdue(id, seq + 1)).isFalse();
        assertThat(recovery().reportOverdue(id, seq)).isTrue();
        assertThat(recovery().reportOverdue(id, seq)).isFalse();
        assertThat(ids(Kind.OVERDUE)).isEmpty();

        applied(resume(id, Resumption.of()));
        assertThat(recovery().reportOverdue(id, seq)).isFalse();
        applied(suspend(id, until(LONG_AGO)));
        assertThat(recovery().reportOverdue(id, seq)).as("of the wait before").isFalse();
        assertThat(ids(Kind.OVERDUE)).containsExactly(id);
        assertThat(recovery().reportOverdue(id, reread(id).seq())).isTrue();
        applied(cancel(id));
        assertThat(recovery().reportOverdue(id, reread(id).seq())).isFalse();
        assertThat(recovery().reportOverdue(RunId.of(prefix + "nobody"), 1)).isFalse();
    }

    @Test
    final void oneOfManyThatReportADeadlineAtOnceDoes() throws Exception {
        RunId id = suspended(until(LONG_AGO));
        long seq = reread(id).seq();
        List<Callable<Boolean>> calls = Collections.nCopies(8, () -> recovery().reportOverdue(id, seq));
        assertThat(Collections.frequency(AtOnce.call(calls), true)).isEqualTo(1);
    }

    @Test
    final void aWaitKeepsItsDecision() {
        Wait wait = Wait.of(Wait.Code.APPROVAL).resumeAt(LONG_AGO, "expired").correlationKey("k-" + prefix);
        RunId id = suspended(wait);
        assertThat(reread(id).latestWait()).contains(wait);
        assertThat(found(Kind.OVERDUE, Duration.ZERO))
                .singleElement()
                .satisfies(found -> assertThat(
                                found.run().latestWait().orElseThrow().decisionAtDeadline())
                        .contains("expired"));
        applied(resume(id, Resumption.of("expired", "deadline")));
        assertThat(reread(id).latestWait()).contains(wait);
        Wait undecided = Wait.of(Wait.Code.WAIT).until(FAR_AWAY, OnDeadline.RESUME);
        assertThat(reread(suspended(undecided)).latestWait()).contains(undecided);
    }

    // ---- events

    @Test
    final void anEventThatIsReadBackNamesItsRecovery() {
        RecordingSink recorder = new RecordingSink();
        try (Ledger ledger = Ledger.builder().store(store).sink(recorder).build()) {
            Wait wait = Wait.of(Wait.Code.APPROVAL).resumeAt(LONG_AGO, "expired");
            RunId id = ledger.dispatch(asked()).orElseThrow().id();
            ledger.start(id, WORKER).orElseThrow();
            ledger.requeue(id, "lost", by(Recovery.WORKER_LOST)).orElseThrow();
            ledger.start(id, WORKER).orElseThrow();
            ledger.suspend(id, wait).orElseThrow();
            ledger.resume(id, Resumption.of("expired", "deadline"), by(Recovery.DEADLINE))
                    .orElseThrow();
            ledger.succeed(id, by(Recovery.CHILDREN_ENDED)).orElseThrow();
            assertThat(recovered(id)).containsExactly("worker_lost", "deadline", "children_ended");
            assertThatTheStoreHas(recorder, id);

            RunId other = ledger.dispatch(asked()).orElseThrow().id();
            ledger.cancel(other, "nobody took it", by(Recovery.NEVER_STARTED)).orElseThrow();
            RunId third = ledger.dispatch(asked()).orElseThrow().id();
            ledger.start(third, WORKER).orElseThrow();
            ledger.fail(third, Failure.of("slow"), by(Recovery.OUT_OF_TIME)).orElseThrow();
            assertThat(recovered(other)).containsExactly("never_started");
            assertThat(recovered(third)).containsExactly("out_of_time");
            assertThatTheStoreHas(recorder, third);
        }
    }

    private static CallOptions by(Recovery recovery) {
        return CallOptions.none().withRecovered(recovery);
    }

    private List<String> recovered(RunId id) {
        return store.history().events(id).stream()
                .flatMap(event -> event.text(EventField.RECOVERED).stream())
                .toList();
    }

    private void assertThatTheStoreHas(RecordingSink recorder, RunId id) {
        List<LedgerEvent> emitted = recorder.events().stream()
                .filter(event ->
                        event.text(EventField.RUN_ID).filter(id.value()::equals).isPresent())
                .filter(event -> event.type() != WorkflowRunEvent.COMPLETED)
                .toList();
        assertThat(store.history().events(id))
                .extracting(LedgerEvent::eventId, LedgerEvent::occurredAt, LedgerEvent::fields)
                .containsExactlyElementsOf(emitted.stream()
                        .map(event -> tuple(event.eventId(), event.occurredAt(), event.fields()))
                        .toList());
    }
}
