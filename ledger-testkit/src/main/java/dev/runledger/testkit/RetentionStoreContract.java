package dev.runledger.testkit;

import static dev.runledger.testkit.Commands.WORKER;
import static dev.runledger.testkit.Commands.dispatch;
import static dev.runledger.testkit.Commands.fail;
import static dev.runledger.testkit.Commands.refuse;
import static dev.runledger.testkit.Commands.start;
import static dev.runledger.testkit.Commands.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.history.RunStatistics;
import dev.runledger.run.Dispatch;
import dev.runledger.run.Dispatch.RefusalCode;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.state.RunState;
import dev.runledger.store.RetentionStore;
import dev.runledger.store.RetentionStore.Expired;
import dev.runledger.store.RetentionStore.Removed;
import dev.runledger.store.RetentionStore.Rule;
import dev.runledger.store.RunImport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * Tests what every {@link RetentionStore} promises. A test of a store extends this class and supplies {@link #newStore()}. Runs that have to be
 * old are imported, so that no test waits.
 */
@NullUnmarked // a null that should not be there fails the test that it is in
public abstract class RetentionStoreContract extends StoreContract {
    private static final Instant LONG_AGO = Instant.parse("2020-02-02T02:02:02.000002Z");
    private static final Duration OLD = Duration.ofDays(1_000);
    private static final Set<RunState> ENDS =
            EnumSet.of(RunState.SUCCEEDED, RunState.INCOMPLETE, RunState.FAILED, RunState.CANCELLED);

    /** The workflow of the runs that a test makes, so that it sees no others. */
    private final String workflow = "workflow-" + newId();

    private int seconds;

    /** Used by subclasses. */
    protected RetentionStoreContract() {}

    private RetentionStore retention() {
        assertThat(store).isInstanceOf(RetentionStore.class);
        return (RetentionStore) store;
    }

    private NewRun asked() {
        return NewRun.of(workflow).id(newId());
    }

    private Rule rule() {
        return rule(ENDS);
    }

    private Rule rule(Set<RunState> ends) {
        return new Rule(Optional.of(workflow), Set.of(), ends, OLD);
    }

    /** Returns a run that ended long ago, each a second after the one before. */
    private RunId old(NewRun run) {
        return imported(begun(run).succeeded(LONG_AGO.plusSeconds(seconds++)));
    }

    private static RunImport begun(NewRun run) {
        return RunImport.of(run, LONG_AGO.minusSeconds(60)).started(LONG_AGO.minusSeconds(30), WORKER);
    }

    private RunId imported(RunImport life) {
        return store.apply(life.toCommand()).orElseThrow().id();
    }

    private RunId started(NewRun run) {
        RunId id = dispatched(run).id();
        applied(start(id, WORKER));
        return id;
    }

    private RunId ended(NewRun run) {
        RunId id = started(run);
        applied(succeed(id));
        return id;
    }

    /** Returns all chains that the rule is for, part by part. */
    private List<List<RunId>> chains(Rule rule, int limit) {
        List<List<RunId>> all = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Expired part = retention().expired(rule, after, limit);
            assertThat(part.chains()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(part.chains());
            after = part.next();
        } while (after.isPresent());
        return all;
    }

    // ---- what may go

    @Test
    final void runsThatEndedLongAgoMayGoTheOldestFirst() {
        RunId first = old(asked());
        RunId second = old(asked());
        ended(asked());
        started(asked());
        imported(begun(asked()));
        assertThat(chains(rule(), 10)).containsExactly(List.of(first), List.of(second));
        assertThat(chains(new Rule(Optional.of(workflow), Set.of(), ENDS, Duration.ofDays(365L * 100_000_000)), 10))
                .isEmpty();
        assertThat(chains(new Rule(Optional.of(workflow), Set.of(), ENDS, Duration.ZERO), 10))
                .hasSize(3);
    }

    @Test
    final void aChainGoesAsAWholeChildrenBeforeTheirParents() {
        RunId root = old(asked());
        RunId child = old(asked().parentRunId(root));
        RunId other = old(NewRun.of("other").id(newId()).parentRunId(root));
        RunId grandchild = imported(
                begun(asked().parentRunId(child)).failed(LONG_AGO.plusSeconds(100), Failure.of("whatever its end is")));
        assertThat(chains(rule(Set.of(RunState.SUCCEEDED)), 10))
                .singleElement()
                .satisfies(chain -> assertThat(chain)
                        .containsExactlyInAnyOrder(root, child, other, grandchild)
                        .containsSubsequence(grandchild, child, root)
                        .containsSubsequence(other, root));
    }

    @Test
    final void aChainStaysWhileARunOfItIsInFlightOrTooYoung() {
        RunId inFlight = old(asked());
        started(asked().parentRunId(inFlight));
        RunId young = old(asked());
        RunId between = old(asked().parentRunId(young));
        ended(asked().parentRunId(between));
        RunId free = old(asked());
        assertThat(chains(rule(), 10)).containsExactly(List.of(free));
        assertThat(chains(rule(), 1)).as("past chains that stay").containsExactly(List.of(free));
    }

    @Test
    final void aChainBeginsWhereNoParentIs() {
        RunId orphan = old(asked().parentRunId(newId()));
        RunId root = old(asked());
        RunId child = old(asked().parentRunId(root));
        assertThat(chains(rule(), 10)).containsExactly(List.of(orphan), List.of(child, root));
        assertThat(retention().remove(List.of(root)).runs()).isEqualTo(1);
        assertThat(chains(rule(), 10)).containsExactly(List.of(orphan), List.of(child));
    }

    @Test
    final void aRuleIsForTheWorkflowsAndTheOutcomesThatItNames() {
        RunId succeeded = old(asked());
        RunId failed = imported(begun(asked()).failed(LONG_AGO.plusSeconds(500), Failure.of("x")));
        RunId cancelled = imported(begun(asked()).cancelled(LONG_AGO.plusSeconds(600), "x"));
        assertThat(chains(rule(Set.of(RunState.FAILED)), 10)).containsExactly(List.of(failed));
        assertThat(chains(rule(Set.of(RunState.SUCCEEDED, RunState.CANCELLED)), 10))
                .containsExactly(List.of(succeeded), List.of(cancelled));
        assertThat(chains(new Rule(Optional.empty(), Set.of("another"), ENDS, OLD), 100))
                .contains(List.of(succeeded), List.of(failed), List.of(cancelled));
        assertThat(chains(new Rule(Optional.empty(), Set.of(workflow, "a \"b\\"), ENDS, OLD), 100))
                .doesNotContain(List.of(succeeded), List.of(failed), List.of(cancelled));
    }

    @Test
    final void everyChainIsSeenOnceHoweverSmallTheParts() {
        List<List<RunId>> expected = IntStream.range(0, 5)
                .mapToObj(i -> List.of(imported(begun(asked()).succeeded(LONG_AGO.plusSeconds(i / 2)))))
                .toList();
        for (int limit : new int[] {1, 2, 5, 6}) {
            assertThat(chains(rule(), limit)).as("parts of %s", limit).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    // ---- what goes

    @Test
    final void aRunThatIsRemovedIsGoneWithAllThatBelongsToIt() {
        Trigger trigger = Trigger.of("push").payload(referred("trigger"));
        RunId id = started(asked().trigger(trigger).input("res://" + workflow + "/input"));
        TaskId task = newTaskId();
        assertThat(store.apply(Commands.start(id, NewTask.of("build").id(task).input(referred("task"))))
                        .isApplied())
                .isTrue();
        assertThat(store.apply(succeed(task, TaskRun.Result.of(referred("output"))))
                        .isApplied())
                .isTrue();
        applied(fail(id, Failure.of("x")));
        RunId other = ended(asked().input("{}"));

        Removed removed = retention().remove(List.of(id));
        assertThat(removed.runs()).isEqualTo(1);
        assertThat(removed.events()).isEqualTo(5);
        assertThat(removed.references()).containsExactlyInAnyOrder(referencesOf("input", "trigger", "task", "output"));
        assertThat(store.history().run(id)).isEmpty();
        assertThat(store.history().state(id)).isEmpty();
        assertThat(store.history().input(id)).isEmpty();
        assertThat(store.history().events(id)).isEmpty();
        assertThat(store.history().tasks(id)).isEmpty();
        assertThat(store.history().task(task)).isEmpty();
        assertThat(store.history().run(other)).isPresent();
        assertThat(store.history().input(other)).contains("{}");
        assertThat(retention().remove(List.of(id))).isEqualTo(new Removed(0, 0, Set.of()));
    }

    private Payload referred(String name) {
        return Payload.stored(null, referencesOf(name)[0], 100_000, "sha-256:00", false);
    }

    private String[] referencesOf(String... names) {
        return Arrays.stream(names)
                .map(name -> "res://" + workflow + "/" + name)
                .toArray(String[]::new);
    }

    @Test
    final void aRunInFlightStays() {
        RunId running = started(asked());
        RunId ended = ended(asked().parentRunId(running));
        Removed removed = retention().remove(List.of(running, ended, newId()));
        assertThat(removed.runs()).isEqualTo(1);
        assertThat(store.history().events(running)).hasSize(2);
        assertThat(retention().erase(List.of(running)).runs()).isZero();
        assertThat(retention().remove(List.of()).runs()).isZero();
        applied(succeed(running));
        assertThat(store.history().children(running)).isEmpty();
    }

    @Test
    final void noPageShowsARunThatIsRemoved() {
        List<RunId> failed = IntStream.range(0, 6)
                .mapToObj(i -> {
                    RunId id = started(asked());
                    applied(fail(
                            id,
                            Failure.builder("x")
                                    .category(Failure.Category.TIMEOUT)
                                    .build()));
                    return id;
                })
                .toList();
        assertThat(retention().remove(failed.subList(2, 5)).runs()).isEqualTo(3);
        List<RunId> left = List.of(failed.get(5), failed.get(1), failed.get(0));
        List<RunQuery.Builder> queries = List.of(
                RunQuery.builder(),
                RunQuery.builder().states(RunState.FAILED),
                RunQuery.builder().states(RunState.FAILED, RunState.CANCELLED, RunState.RUNNING),
                RunQuery.builder().errorCategory(Failure.Category.TIMEOUT));
        for (RunQuery.Builder query : queries) {
            RunQuery first = query.workflowName(workflow).limit(2).build();
            RunHistory.Page page = store.history().page(first);
            assertThat(page.runs()).extracting(run -> run.id()).containsExactlyElementsOf(left.subList(0, 2));
            assertThat(store.history().page(first.after(page)).runs())
                    .extracting(run -> run.id())
                    .containsExactly(left.get(2));
        }
    }

    // ---- what outlives it

    @Test
    final void itsDeliveryStaysTaken() {
        NewRun once = asked().target("t-" + workflow)
                .trigger(Trigger.of("push").deliveryId("d-" + workflow))
                .oncePerDelivery(true);
        RunId id = ended(once);
        assertThat(retention().remove(List.of(id)).runs()).isEqualTo(1);
        Dispatch again = store.apply(dispatch(once.id(newId())));
        assertThat(again).isInstanceOf(Dispatch.Refused.class);
        assertThat(((Dispatch.Refused) again).code()).isEqualTo(RefusalCode.DUPLICATE_DELIVERY);
        assertThat(((Dispatch.Refused) again).blocker()).contains(id);
    }

    @Test
    final void aDeliveryThatMayBeTakenAgainIsForgotten() {
        NewRun any = asked().trigger(Trigger.of("push").deliveryId("d-" + workflow));
        assertThat(retention().remove(List.of(ended(any))).runs()).isEqualTo(1);
        dispatched(any.id(newId()).oncePerDelivery(true));
    }

    @Test
    final void anErasureForgetsTheDeliveryToo() {
        NewRun once =
                asked().trigger(Trigger.of("push").deliveryId("d-" + workflow)).oncePerDelivery(true);
        RunId id = ended(once);
        assertThat(retention().erase(List.of(id)).runs()).isEqualTo(1);
        assertThat(store.history().run(id)).isEmpty();
        dispatched(once.id(newId()));
    }

    @Test
    final void statisticsCountTheEndOfARunThatIsRemovedAndOfNoneThatIsErased() {
        if (!(store instanceof RunStatistics statistics)) {
            return;
        }
        List<RunId> failed = List.of(started(asked().target("a")), started(asked().target("b")));
        failed.forEach(id -> applied(fail(id, Failure.of("x"))));
        RunId healing = ended(asked().target("a"));
        assertThat(statistics.snapshot(Duration.ofDays(1)).failing()).containsEntry(workflow, 1L);
        retention().remove(failed);
        retention().remove(List.of(healing));
        assertThat(statistics.snapshot(Duration.ofDays(1)).failing()).containsEntry(workflow, 1L);

        RunId another = started(asked().target("c"));
        applied(fail(another, Failure.of("x")));
        assertThat(statistics.snapshot(Duration.ofDays(1)).failing()).containsEntry(workflow, 2L);
        retention().erase(List.of(another));
        assertThat(statistics.snapshot(Duration.ofDays(1)).failing()).containsEntry(workflow, 1L);
    }

    // ---- bodies

    @Test
    final void aBodyIsReferredToAsLongAsOneRunHasIt() {
        Payload shared = referred("shared");
        String reference = shared.reference().orElseThrow();
        Trigger trigger = Trigger.of("push").payload(shared);
        RunId first = ended(asked().trigger(trigger));
        RunId second = ended(asked().input(reference));
        List<String> asked = List.of(reference, "res://" + workflow + "/nobody's");
        assertThat(retention().referenced(asked)).containsExactly(reference);
        assertThat(retention().remove(List.of(first)).references()).containsExactly(reference);
        assertThat(retention().referenced(asked)).containsExactly(reference);
        assertThat(retention().remove(List.of(second)).references()).containsExactly(reference);
        assertThat(retention().referenced(asked)).isEmpty();
        assertThat(retention().referenced(List.of())).isEmpty();
    }

    @Test
    final void aTextOfTheApplicationIsNoReference() {
        String reference = referencesOf("quoted")[0];
        String json = "{\"size\":1,\"reference\":\"%s\",\"a\":[{\"size\":1,\"reference\":\"%s\"}]}"
                .formatted(reference, reference);
        Trigger trigger = Trigger.of("push")
                .details(Payload.stored(json, null, json.length(), null, false))
                .payload(Payload.stored(
                        "{\"a\":1,\"reference\":\"" + reference + "\"", null, 900_000, "sha-256:00", true));
        RunId id = ended(asked().trigger(trigger).input(json));
        assertThat(retention().referenced(List.of(reference))).isEmpty();
        assertThat(retention().remove(List.of(id)).references()).isEmpty();
    }

    // ---- refusals

    @Test
    final void oldRefusalsAreRemovedAFewAtATime() {
        List<LedgerEvent> old = IntStream.range(0, 3)
                .mapToObj(i -> refused(LONG_AGO.plusSeconds(i)))
                .toList();
        LedgerEvent young = refused(Instant.now());
        assertThat(retention().removeRefusals(OLD, 2)).isEqualTo(2);
        assertThat(refusals()).contains(old.get(2).eventId(), young.eventId());
        assertThat(refusals()).doesNotContain(old.get(0).eventId(), old.get(1).eventId());
        assertThat(retention().removeRefusals(OLD, 2)).isEqualTo(1);
        assertThat(retention().removeRefusals(OLD, 2)).isZero();
        assertThat(refusals()).contains(young.eventId());
    }

    private LedgerEvent refused(Instant at) {
        Dispatch.Refused refusal = new Dispatch.Refused(RefusalCode.POLICY, "not on a Friday");
        EventFields fields =
                EventFields.of(NewRun.of(workflow)).reason("not on a Friday").put("reasonCode", "policy");
        LedgerEvent event =
                LedgerEvent.stored(WorkflowRunEvent.DISPATCH_REFUSED, newId().value(), at, fields, Map.of());
        assertThat(store.apply(refuse(refusal, event))).isEqualTo(refusal);
        return event;
    }

    private List<String> refusals() {
        return store.history().refusals(100).stream().map(LedgerEvent::eventId).toList();
    }
}
