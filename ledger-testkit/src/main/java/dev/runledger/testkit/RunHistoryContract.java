package dev.runledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun.Channel;
import dev.runledger.failure.Failure;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Dispatch.RefusalCode;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.WorkflowRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.TaskRun;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Transition;
import dev.runledger.run.NewRun.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunState;
import dev.runledger.store.RunChange;
import dev.runledger.store.RunStore;
import dev.runledger.store.TaskChange;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * The suite that the {@code RunHistory} of every {@link RunStore} passes: what was stored reads back whole and as it was told, in
 * pages that reach every run once. Whoever writes a store extends this class and supplies {@link #newStore()}.
 */
@NullUnmarked // a null that should not be there fails the test that it is in
public abstract class RunHistoryContract extends RunPageContract {
    /** Used by subclasses. */
    protected RunHistoryContract() {}

    // ---- what is read is what was stored

    @Test
    final void aRunReadsBackAsEachChangeLeftIt() {
        NewRun asked = NewRun.of("review")
                .id(newId())
                .project(project)
                .workflowVersion("7")
                .channel(Channel.DRAFT)
                .target("acme/app#" + newId())
                .trigger(Trigger.of("issue_comment")
                        .deliveryId("d-" + newId())
                        .actor("ada")
                        .details(Payload.json("{\"number\":42,\"text\":\"a \\\"b\\\" \u00e4\"}"))
                        .payload(Payload.json("{\"big\":123456789012345678901234567890,\"a\":[1,2.50,null,true]}")))
                .taskQueue("default")
                .context(Map.of("traceparent", "00-1-2-01"));
        RunId id = dispatched(asked).id();
        assertThat(reread(id).request()).isEqualTo(asked);

        Wait wait = Wait.of(Wait.Code.CALLBACK)
                .reason("waits for the build")
                .until(Instant.parse("2030-01-02T03:04:05.678901Z"), Wait.OnDeadline.CANCEL)
                .correlationKey("key-" + id)
                .context(Map.of("traceparent", "00-1-3-01"));
        Resumption answer = Resumption.of("approved", "bob")
                .payload(Payload.json("{\"ok\":true}"))
                .correlationKey("key-" + id)
                .context(Map.of("traceparent", "00-1-4-01", "tracestate", "a=b"));
        Failure failure =
                new Failure("it broke", Failure.Category.RATE_LIMIT, true, "java.lang.Error", "message", "stack", null);
        for (Change change : List.of(
                Change.start(id, WORKER),
                Change.suspend(id, wait),
                Change.resume(id, answer),
                Change.fail(id, failure))) {
            WorkflowRun after = applied(change);
            assertThat(reread(id)).isEqualTo(after);
        }
        assertThat(reread(id).failure()).isEqualTo(failure);
        assertThat(reread(id).latestWait()).isEqualTo(wait);
        assertThat(reread(id).resumption()).isEqualTo(answer);
    }

    @Test
    final void payloadsKeepTheirReferenceSizeAndDigest() {
        List<Payload> payloads = List.of(
                new Payload(null, "res://bodies/1", 1_000_000, "sha-256:ab", false),
                new Payload("{\"cut\": \"in the mid", null, 40_000, "sha-256:cd", true),
                new Payload("{}", null, 2, null, false));
        for (Payload payload : payloads) {
            NewRun asked = NewRun.of("import")
                    .id(newId())
                    .trigger(Trigger.of("upload").payload(payload));
            dispatched(asked);
            assertThat(reread(asked.id()).request().trigger().payload()).isEqualTo(payload);
        }
    }

    @Test
    final void aTaskReadsBackAsEachChangeLeftIt() {
        RunId run = runIn(RunState.RUNNING).id();
        NewTask asked = NewTask.of("grep", NewTask.Kind.TOOL)
                .id(newTaskId())
                .instrument("rg")
                .retry(RetryPolicy.exponential(3, Duration.ofMillis(10), Duration.ofSeconds(1)))
                .timeout(Duration.ofSeconds(30))
                .permissions(Set.of("read", "net"))
                .input(Payload.json("{\"pattern\":\"x\"}"));
        TaskRun.Result result = new TaskRun.Result(Payload.json("[1,2]"), 2, 1_234L, true);
        Failure failure = new Failure("exit 2", Failure.Category.TIMEOUT, false, null, null, null, null);
        for (TaskChange change : List.of(
                TaskChange.start(run, asked),
                TaskChange.fail(asked.id(), failure, result),
                TaskChange.retry(asked.id()),
                TaskChange.succeed(asked.id(), TaskRun.Result.tool(0, 17)))) {
            TaskRun after = store.apply(change).orElseThrow();
            assertThat(store.history().task(asked.id())).contains(after);
        }
        TaskRun skipped = store.apply(TaskChange.skip(run, NewTask.of("lint").id(newTaskId()), "cached"))
                .orElseThrow();
        assertThat(store.history().tasks(run)).extracting(TaskRun::id).containsExactly(asked.id(), skipped.id());
        assertThat(store.history().task(skipped.id())).contains(skipped);
    }

    @Test
    final void everyEventReadsBackAsItWasTold() {
        RecordingSink sink = new RecordingSink();
        try (WorkflowRunEvents events =
                WorkflowRunEvents.builder().sink(sink).echo(false).build()) {
            Ledger ledger = Ledger.builder().store(store).events(events).build();
            RunId parent = lifeWithEveryKindOfEvent(ledger);
            List<LedgerEvent> stored = new ArrayList<>(store.history().events(parent));
            store.history()
                    .children(parent)
                    .forEach(child -> stored.addAll(store.history().events(child.id())));
            assertThat(byId(stored)).isEqualTo(byId(sink.events()));
        }
    }

    private RunId lifeWithEveryKindOfEvent(Ledger plain) {
        Ledger ledger = plain.withFields(EventFields.of()
                .put("tenant", "t-1")
                .put("weight", 2.5)
                .put("retries", 3L)
                .put("urgent", true));
        RunId id = newId();
        ledger.dispatch(NewRun.of("review")
                        .id(id)
                        .project(project)
                        .target("acme/app#" + id)
                        .trigger(Trigger.of("push").deliveryId("d-" + id))
                        .taskQueue("q"))
                .orElseThrow();
        ledger.start(id, WORKER).orElseThrow();
        NewTask task =
                NewTask.of("fetch", NewTask.Kind.ADAPTER).id(newTaskId()).retry(RetryPolicy.upTo(2, Duration.ofMillis(5)));
        ledger.tasks().start(id, task).orElseThrow();
        ledger.tasks()
                .fail(task.id(), Failure.of(new ConnectException("refused")))
                .orElseThrow();
        ledger.tasks().retry(task.id()).orElseThrow();
        ledger.tasks().succeed(task.id(), TaskRun.Result.tool(0, 12)).orElseThrow();
        ledger.tasks().skip(id, NewTask.of("lint").id(newTaskId()), "cached").orElseThrow();
        ledger.suspend(id, Wait.of(Wait.Code.APPROVAL).until(Instant.now().plusSeconds(60), Wait.OnDeadline.FAIL))
                .orElseThrow();
        ledger.resume(id, Resumption.of("approved", "ada")).orElseThrow();
        NewRun child = NewRun.of("plan").id(newId());
        ledger.handOff(id, child).orElseThrow();
        ledger.enqueueFailed(child.id(), new IllegalStateException("queue full"))
                .orElseThrow();
        NewRun second = NewRun.of("plan").id(newId());
        ledger.handOff(id, second).orElseThrow();
        ledger.start(second.id(), WORKER).orElseThrow();
        ledger.incomplete(second.id(), "still red").orElseThrow();
        NewRun third = NewRun.of("plan").id(newId());
        ledger.handOff(id, third).orElseThrow();
        ledger.cancel(third.id(), "called off").orElseThrow();
        NewRun fourth = NewRun.of("plan").id(newId());
        ledger.handOff(id, fourth).orElseThrow();
        ledger.fail(fourth.id(), Failure.of(new IllegalArgumentException("bad plan")))
                .orElseThrow();
        ledger.succeed(id).orElseThrow();
        return id;
    }

    /** What the events say, sorted by name: in which order fields were put says nothing. */
    private static Map<String, Map<String, Object>> byId(List<LedgerEvent> events) {
        Map<String, Map<String, Object>> all = new TreeMap<>();
        events.forEach(event -> assertThat(all.put(event.eventId(), new TreeMap<>(event.fields())))
                .as("told once: " + event.eventId())
                .isNull());
        return all;
    }

    @Test
    final void aRefusalIsKeptWithoutARun() {
        RecordingSink sink = new RecordingSink();
        try (WorkflowRunEvents events = WorkflowRunEvents.builder().sink(sink).build()) {
            Ledger ledger = Ledger.builder().store(store).events(events).build();
            NewRun first = NewRun.of("review")
                    .project(project)
                    .target("t-" + project);
            ledger.dispatch(first).orElseThrow();
            ledger.dispatch(first);
            ledger.refuse(first, RefusalCode.CAPACITY, "no room");
        }
        List<LedgerEvent> told = sink.events().stream()
                .filter(event -> event.type() == WorkflowRunEvent.DISPATCH_REFUSED)
                .toList();
        assertThat(told).hasSize(2);
        List<LedgerEvent> kept = store.history().refusals(2);
        assertThat(byId(kept)).isEqualTo(byId(told));
        assertThat(kept.get(0).fields()).containsEntry("reasonCode", "capacity").doesNotContainKey("runId");
    }

    // ---- waits

    @Test
    final void anEndThatCutsAWaitSaysWhichAndHowLong() {
        RunId id = runIn(RunState.SUSPENDED).id();
        applied(Change.cancel(id, "x"));
        List<LedgerEvent> events = store.history().events(id);
        assertThat(events.get(events.size() - 1).fields())
                .containsEntry("waitCode", "approval")
                .containsKey("waitMs");
        RunId resumed = runIn(RunState.SUSPENDED).id();
        applied(Change.resume(resumed, Resumption.of()));
        applied(Change.fail(resumed, Failure.of("x")));
        events = store.history().events(resumed);
        assertThat(events.get(events.size() - 1).fields()).doesNotContainKeys("waitCode", "waitMs");
    }

    @Test
    final void ofSeveralThatWaitForOneKeyTheOldestIsFound() {
        String key = "key-" + newId();
        RunId first = runIn(RunState.RUNNING).id();
        RunId second = runIn(RunState.RUNNING).id();
        applied(Change.suspend(second, Wait.of(Wait.Code.CALLBACK).correlationKey(key)));
        applied(Change.suspend(first, Wait.of(Wait.Code.CALLBACK).correlationKey(key)));
        assertThat(store.history().waitingFor(key)).map(WorkflowRun::id).contains(second);
        applied(Change.cancel(second, "x"));
        assertThat(store.history().waitingFor(key)).map(WorkflowRun::id).contains(first);
    }

    // ---- imports

    @Test
    final void aFinishedRunIsImportedWithItsOwnTimes() {
        Instant queued = Instant.parse("2019-05-06T07:08:09.101112Z");
        WorkflowRun finished = finished(RunState.FAILED, queued, queued.plusSeconds(5), queued.plusSeconds(65));
        assertThat(store.importRun(finished)).isTrue();
        assertThat(reread(finished.id())).isEqualTo(finished);
        assertThatTheHistoryIsGapFreeAndLegal(finished.id());
        LedgerEvent end = store.history().events(finished.id()).get(2);
        assertThat(end.occurredAt()).isEqualTo(queued.plusSeconds(65));
        assertThat(end.fields())
                .containsEntry("durationMs", 60_000L)
                .containsEntry("queueWaitMs", 5_000L)
                .containsEntry("suspendedMs", 7_000L);
        assertThat(store.importRun(finished)).as("again").isFalse();
        assertThat(store.apply(Change.cancel(finished.id(), "x"))).isInstanceOf(Transition.Rejected.class);
    }

    @Test
    final void aRunThatNeverRanIsImportedToo() {
        Instant queued = Instant.parse("2019-05-06T07:08:09Z");
        WorkflowRun finished = finished(RunState.CANCELLED, queued, null, queued.plusSeconds(1));
        assertThat(store.importRun(finished)).isTrue();
        assertThatTheHistoryIsGapFreeAndLegal(finished.id());
        assertThat(reread(finished.id())).isEqualTo(finished);
    }

    @Test
    final void onlyAFinishedRunIsImported() {
        Instant queued = Instant.parse("2019-05-06T07:08:09Z");
        assertThatThrownBy(() -> store.importRun(runIn(RunState.RUNNING)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is RUNNING: expected one that has ended");
        WorkflowRun neverRan = finished(RunState.SUCCEEDED, queued, null, queued);
        assertThatThrownBy(() -> store.importRun(neverRan))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no startedAt");
    }

    @Test
    final void aDeliveryThatWasSeenKeepsNoRunFromElsewhereOut() {
        Instant queued = Instant.parse("2019-05-06T07:08:09Z");
        NewRun.Builder once = ofProject()
                .trigger(Trigger.of("push").deliveryId("d-" + newId()))
                .oncePerDelivery();
        store.dispatch(once.build(), null, null).orElseThrow();
        WorkflowRun finished =
                finished(once.id(newId()).build(), RunState.SUCCEEDED, queued, queued, queued.plusSeconds(1));
        assertThat(store.importRun(finished)).isTrue();
        assertThat(reread(finished.id()).request().deliveryId())
                .isEqualTo(finished.request().deliveryId());
    }

    private WorkflowRun finished(RunState state, Instant queued, Instant started, Instant ended) {
        return finished(ofProject().build(), state, queued, started, ended);
    }

    private static WorkflowRun finished(
            NewRun request, RunState state, Instant queued, Instant started, Instant ended) {
        Failure failure = state == RunState.FAILED ? Failure.of("broken", Failure.Category.BUG) : null;
        return new WorkflowRun(
                request,
                state,
                started == null ? 2 : 3,
                new WorkflowRun.Times(queued, started, null, Duration.ofSeconds(started == null ? 0 : 7), ended),
                started == null ? null : WORKER,
                false,
                null,
                null,
                state == RunState.SUCCEEDED ? null : failure == null ? "called off" : failure.reason(),
                failure);
    }
}
