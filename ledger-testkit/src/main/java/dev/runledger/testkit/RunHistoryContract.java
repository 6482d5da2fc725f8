package dev.runledger.testkit;

import static dev.runledger.testkit.Commands.WORKER;
import static dev.runledger.testkit.Commands.cancel;
import static dev.runledger.testkit.Commands.change;
import static dev.runledger.testkit.Commands.fail;
import static dev.runledger.testkit.Commands.refuse;
import static dev.runledger.testkit.Commands.resume;
import static dev.runledger.testkit.Commands.retry;
import static dev.runledger.testkit.Commands.skip;
import static dev.runledger.testkit.Commands.start;
import static dev.runledger.testkit.Commands.succeed;
import static dev.runledger.testkit.Commands.suspend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.CallOptions;
import dev.runledger.Ledger;
import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunHistory.Range;
import dev.runledger.history.RunHistory.Slice;
import dev.runledger.run.Dispatch;
import dev.runledger.run.Dispatch.RefusalCode;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewRun.Channel;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.run.WorkflowRun;
import dev.runledger.state.RunCommand;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/**
 * Tests what the {@code RunHistory} of every {@link RunStore} promises: what was stored reads back whole and as it was emitted, in
 * pages that reach every run once. A test of a store extends this class and supplies {@link #newStore()}. The statistics are tested
 * too if the store has them.
 */
@NullUnmarked // a null that should not be there fails the test that it is in
public abstract class RunHistoryContract extends ImportContract {
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
        Failure failure = Failure.builder("it broke")
                .category(Failure.Category.RATE_LIMIT)
                .uncaught(true)
                .error("java.lang.Error", "message", "stack")
                .build();
        for (RunChange change : List.of(start(id, WORKER), suspend(id, wait), resume(id, answer), fail(id, failure))) {
            WorkflowRun after = applied(change);
            assertThat(reread(id)).isEqualTo(after);
        }
        assertThat(reread(id).failure()).contains(failure);
        assertThat(reread(id).latestWait()).contains(wait);
        assertThat(reread(id).resumption()).contains(answer);
    }

    @Test
    final void theStateOfARunIsThatOfItsLatestChange() {
        RunId id = newId();
        assertThat(store.history().state(id)).isEmpty();
        dispatched(NewRun.of("review").id(id).project(project));
        assertThat(store.history().state(id)).contains(RunState.QUEUED);
        for (RunCommand step : List.of(
                RunCommand.START, RunCommand.SUSPEND, RunCommand.RESUME, RunCommand.HAND_OFF, RunCommand.SUCCEED)) {
            applied(change(id, step));
            assertThat(store.history().state(id)).contains(step.enters());
        }
        for (RunCommand end : List.of(RunCommand.INCOMPLETE, RunCommand.FAIL, RunCommand.CANCEL)) {
            RunId other = runIn(RunState.RUNNING).id();
            applied(change(other, end));
            assertThat(store.history().state(other)).contains(end.enters());
        }
    }

    @Test
    final void payloadsKeepTheirReferenceSizeAndDigest() {
        List<Payload> payloads = List.of(
                Payload.stored(null, "res://bodies/1", 1_000_000, "sha-256:ab", false),
                Payload.stored("{\"cut\": \"in the mid", null, 40_000, "sha-256:cd", true),
                Payload.stored("{}", null, 2, null, false));
        for (Payload payload : payloads) {
            NewRun asked =
                    NewRun.of("import").id(newId()).trigger(Trigger.of("upload").payload(payload));
            WorkflowRun run = dispatched(asked);
            assertThat(reread(run.id()).request().trigger().flatMap(Trigger::payload))
                    .contains(payload);
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
        TaskId task = asked.id().orElseThrow();
        TaskRun.Result result = TaskRun.Result.of(Payload.json("[1,2]"))
                .exitCode(2)
                .statusCode(503)
                .outputBytes(1_234L)
                .ranOutOfTime();
        Failure failure = Failure.of("exit 2", Failure.Category.TIMEOUT);
        for (TaskChange change : List.of(
                start(run, asked),
                fail(task, failure, result),
                retry(task),
                succeed(task, TaskRun.Result.tool(0, 17)))) {
            TaskRun after = store.apply(change).orElseThrow();
            assertThat(store.history().task(task)).contains(after);
        }
        TaskRun skipped = store.apply(skip(run, aTask("lint"))).orElseThrow();
        assertThat(store.history().tasks(run)).extracting(TaskRun::id).containsExactly(task, skipped.id());
        assertThat(store.history().task(skipped.id())).contains(skipped);
    }

    // ---- slices

    @Test
    final void tasksAndEventsAreReadSliceBySlice() {
        RunId run = runIn(RunState.RUNNING).id();
        List<TaskId> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            NewTask task = aTask("step-" + i).input(Payload.json("{}"));
            tasks.add(task.id().orElseThrow());
            store.apply(start(run, task)).orElseThrow();
            store.apply(succeed(tasks.get(i), TaskRun.Result.of(Payload.json("[]"))))
                    .orElseThrow();
        }
        List<LedgerEvent> events = store.history().events(run);
        assertThat(events).hasSize(12);
        for (int limit : new int[] {1, 3, 5, 12, Range.MAX_LIMIT}) {
            assertThat(sliceBySlice(limit, range -> store.history().events(run, range)))
                    .isEqualTo(events);
            assertThat(sliceBySlice(limit, range -> store.history().tasks(run, range)))
                    .extracting(TaskRun::id)
                    .isEqualTo(tasks);
        }
        assertThat(store.history().tasks(run)).allSatisfy(task -> {
            assertThat(task.request().input()).isEmpty();
            assertThat(task.result().orElseThrow().output()).isEmpty();
            TaskRun whole = store.history().task(task.id()).orElseThrow();
            assertThat(whole.request().input()).isPresent();
            assertThat(whole.withoutPayloads()).isEqualTo(task);
        });
    }

    private static <T> List<T> sliceBySlice(int limit, Function<Range, Slice<T>> read) {
        List<T> all = new ArrayList<>();
        for (Optional<Range> range = Optional.of(Range.first(limit)); range.isPresent(); ) {
            Slice<T> slice = read.apply(range.get());
            assertThat(slice.items()).hasSizeBetween(1, limit);
            all.addAll(slice.items());
            range = slice.next();
        }
        return all;
    }

    @Test
    final void aSliceGoesOnFromOneOfTheSameRun() {
        RunId run = runIn(RunState.RUNNING).id();
        RunId other = runIn(RunState.RUNNING).id();
        NewTask task = aTask("build");
        store.apply(start(other, task)).orElseThrow();
        Range range = Range.first(10);
        assertThat(store.history().events(newId(), range).items()).isEmpty();
        assertThat(store.history().tasks(newId(), range).items()).isEmpty();
        for (String after :
                List.of("absent", run + ":99", other + ":1", task.id().orElseThrow() + ":1", "", "\u0000")) {
            assertThatThrownBy(() -> store.history().events(run, range.after(after)))
                    .as(after)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected the next of a slice of the same run");
        }
        assertThatThrownBy(() -> store.history()
                        .tasks(run, range.after(task.id().orElseThrow().value())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected the next of a slice of the same run");
        assertThatThrownBy(() -> Range.first(0)).hasMessage("limit is 0, expected 1 to 1000");
    }

    // ---- events

    @Test
    final void everyEventReadsBackAsItWasEmitted() {
        RecordingSink sink = new RecordingSink();
        try (Ledger ledger =
                Ledger.builder().store(store).sink(sink).echo(false).build()) {
            RunId parent = lifeWithEveryKindOfEvent(ledger);
            List<LedgerEvent> stored = new ArrayList<>(store.history().events(parent));
            store.history()
                    .children(parent)
                    .forEach(child -> stored.addAll(store.history().events(child.id())));
            assertThat(byId(stored)).isEqualTo(byId(sink.events()));
        }
    }

    private RunId lifeWithEveryKindOfEvent(Ledger ledger) {
        CallOptions options = CallOptions.customFields(EventFields.of()
                .put("tenant", "t-1")
                .put("weight", 2.5)
                .put("retries", 3L)
                .put("urgent", true));
        RunId id = newId();
        NewRun asked = NewRun.of("review")
                .id(id)
                .project(project)
                .target("acme/app#" + id)
                .trigger(Trigger.of("push").deliveryId("d-" + id))
                .taskQueue("q");
        ledger.dispatch(asked, options).orElseThrow();
        ledger.start(id, WORKER, options).orElseThrow();
        tasksWithEveryKindOfEvent(ledger, id, options);
        Wait wait = Wait.of(Wait.Code.APPROVAL).until(Instant.now().plusSeconds(60), Wait.OnDeadline.FAIL);
        ledger.suspend(id, wait, options).orElseThrow();
        ledger.resume(id, Resumption.of("approved", "ada"), options).orElseThrow();
        Exception full = new IllegalStateException("queue full");
        ledger.enqueueFailed(childOf(id, ledger, options), full, options).orElseThrow();
        RunId second = childOf(id, ledger, options);
        ledger.start(second, WORKER, options).orElseThrow();
        ledger.incomplete(second, "still red", options).orElseThrow();
        ledger.cancel(childOf(id, ledger, options), "called off", options).orElseThrow();
        Failure failure = Failure.of(new IllegalArgumentException("bad plan"));
        ledger.fail(childOf(id, ledger, options), failure, options).orElseThrow();
        ledger.succeed(id, options).orElseThrow();
        return id;
    }

    private static void tasksWithEveryKindOfEvent(Ledger ledger, RunId id, CallOptions options) {
        NewTask fetch = NewTask.of("fetch", NewTask.Kind.ADAPTER)
                .id(newTaskId())
                .retry(RetryPolicy.upTo(2, Duration.ofMillis(5)));
        TaskId task = fetch.id().orElseThrow();
        Failure refused = Failure.of(new ConnectException("refused"));
        ledger.tasks().start(id, fetch, options).orElseThrow();
        ledger.tasks().fail(task, refused, TaskRun.Result.nothing(), options).orElseThrow();
        ledger.tasks().retry(task, options).orElseThrow();
        ledger.tasks().succeed(task, TaskRun.Result.tool(0, 12), options).orElseThrow();
        ledger.tasks().skip(id, aTask("lint"), "cached", options).orElseThrow();
    }

    private static RunId childOf(RunId parent, Ledger ledger, CallOptions options) {
        RunId child = newId();
        ledger.handOff(parent, NewRun.of("plan").id(child), options).orElseThrow();
        return child;
    }

    /** Returns the fields of the events by event id. Fields are sorted by name: their order means nothing. */
    private static Map<String, Map<String, Object>> byId(List<LedgerEvent> events) {
        Map<String, Map<String, Object>> all = new TreeMap<>();
        events.forEach(event -> assertThat(all.put(event.eventId(), new TreeMap<>(event.fields())))
                .as("there once: " + event.eventId())
                .isNull());
        return all;
    }

    @Test
    final void aRefusalIsKeptWithoutARun() {
        RecordingSink sink = new RecordingSink();
        try (Ledger ledger = Ledger.builder().store(store).sink(sink).build()) {
            NewRun first = NewRun.of("review").project(project).target("t-" + project);
            ledger.dispatch(first).orElseThrow();
            assertThat(ledger.dispatch(first)).isInstanceOf(Dispatch.Refused.class);
            Dispatch.Refused refused = ledger.refuse(first, RefusalCode.CAPACITY, "no room");
            assertThat(refused.code()).isEqualTo(RefusalCode.CAPACITY);
        }
        List<LedgerEvent> emitted = sink.eventsOf(WorkflowRunEvent.DISPATCH_REFUSED);
        assertThat(emitted).hasSize(2);
        List<LedgerEvent> kept = store.history().refusals(2);
        assertThat(byId(kept)).isEqualTo(byId(emitted));
        assertThat(kept.get(0).fields()).containsEntry("reasonCode", "capacity").doesNotContainKey("runId");
    }

    @Test
    final void theSameRefusalAgainChangesNothing() {
        Dispatch.Refused refusal = new Dispatch.Refused(RefusalCode.POLICY, "not on a Friday");
        Instant now = Instant.now();
        LedgerEvent event = refusalEvent(now);
        LedgerEvent earlier = refusalEvent(now.minusMillis(1));
        for (LedgerEvent each : List.of(earlier, event, event)) {
            assertThat(store.apply(refuse(refusal, each))).isEqualTo(refusal);
        }
        assertThat(store.history().refusals(2))
                .extracting(LedgerEvent::eventId)
                .containsExactly(event.eventId(), earlier.eventId());
    }

    private LedgerEvent refusalEvent(Instant at) {
        EventFields fields = EventFields.of(NewRun.of("review").project(project))
                .reason("not on a Friday")
                .put("reasonCode", "policy");
        return LedgerEvent.stored(WorkflowRunEvent.DISPATCH_REFUSED, newId().value(), at, fields, Map.of());
    }

    // ---- waits

    @Test
    final void anEndThatCutsAWaitSaysWhichAndHowLong() {
        RunId id = runIn(RunState.SUSPENDED).id();
        applied(cancel(id));
        List<LedgerEvent> events = store.history().events(id);
        assertThat(events.get(events.size() - 1).fields())
                .containsEntry("waitCode", "approval")
                .containsKey("waitMs");
        RunId resumed = runIn(RunState.SUSPENDED).id();
        applied(resume(resumed, Resumption.of()));
        applied(fail(resumed, Failure.of("x")));
        events = store.history().events(resumed);
        assertThat(events.get(events.size() - 1).fields()).doesNotContainKeys("waitCode", "waitMs");
    }

    @Test
    final void ofSeveralThatWaitForOneKeyTheOldestIsFound() {
        String key = "key-" + newId();
        RunId first = runIn(RunState.RUNNING).id();
        RunId second = runIn(RunState.RUNNING).id();
        applied(suspend(second, Wait.of(Wait.Code.CALLBACK).correlationKey(key)));
        applied(suspend(first, Wait.of(Wait.Code.CALLBACK).correlationKey(key)));
        assertThat(store.history().waitingFor("", key)).map(WorkflowRun::id).contains(second);
        applied(cancel(second));
        assertThat(store.history().waitingFor("", key)).map(WorkflowRun::id).contains(first);
    }
}
