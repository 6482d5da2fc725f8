package dev.runledger.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.Dispatch.RefusalCode;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Wait;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MicrometerSinkTest {
    private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MicrometerSink sink = MicrometerSink.of(registry);
    private final Ledger ledger = Ledger.builder()
            .store(RunStore.inMemory(clock, 1_000))
            .sink(sink)
            .clock(clock)
            .build();
    private final WorkflowRunEvents events = ledger.events();

    @Test
    void codesThatAreMadeUpAreCapped() {
        for (int i = 0; i < 500; i++) {
            events.log(
                    WorkflowRunEvent.DISPATCH_REFUSED,
                    EventFields.of().workflowName("review").reason("no").put("reasonCode", "made-up-" + i));
        }
        assertThat(registry.find("workflow.dispatch.refused").counters()).hasSizeLessThanOrEqualTo(65);
        assertThat(registry.get("workflow.dispatch.refused")
                        .tags("reason.code", "other")
                        .counter()
                        .count())
                .isEqualTo(500 - 64);
    }

    @Test
    void aRunIsCountedAndTimedWithoutItsWaits() {
        RunId id = queued("review", "q-1");
        clock.advance(Duration.ofSeconds(2));
        ledger.start(id, "w");
        clock.advance(Duration.ofSeconds(1));
        ledger.suspend(id, Wait.of(Wait.Code.APPROVAL));
        clock.advance(Duration.ofSeconds(50));
        ledger.resume(id, Resumption.of());
        clock.advance(Duration.ofSeconds(3));
        ledger.succeed(id);

        assertThat(timer("workflow.run.duration", "workflow", "review", "outcome", "succeeded")
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(4);
        assertThat(timer("workflow.run.queue.wait", "workflow", "review", "queue", "q-1")
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(2);
        assertThat(timer("workflow.run.suspended", "workflow", "review", "reason.code", "approval")
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(50);
        for (WorkflowRunEvent event : new WorkflowRunEvent[] {
            WorkflowRunEvent.QUEUED,
            WorkflowRunEvent.RUNNING,
            WorkflowRunEvent.SUSPENDED,
            WorkflowRunEvent.RESUMED,
            WorkflowRunEvent.SUCCEEDED,
            WorkflowRunEvent.COMPLETED
        }) {
            assertThat(counter("workflow.run.events", "workflow", "review", "event", event.eventName()))
                    .as(event.eventName())
                    .isEqualTo(1);
        }
    }

    @Test
    void everyExitFromAWaitIsTimed() {
        RunId id = queued("review", "q-1");
        ledger.start(id, "w");
        ledger.suspend(id, Wait.of(Wait.Code.CALLBACK));
        clock.advance(Duration.ofSeconds(7));
        ledger.cancel(id, "called off");
        assertThat(timer("workflow.run.suspended", "workflow", "review", "reason.code", "callback")
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(7);
        assertThat(timer("workflow.run.duration", "workflow", "review", "outcome", "cancelled")
                        .totalTime(TimeUnit.SECONDS))
                .isZero();
    }

    @Test
    void aRunThatNeverRanHasNoDuration() {
        ledger.cancel(queued("review", "q-1"), "x");
        RunId failed = queued("review", "q-1");
        ledger.enqueueFailed(failed, new IllegalStateException("full"));
        assertThat(registry.find("workflow.run.duration").timers()).isEmpty();
        assertThat(counter("workflow.run.events", "workflow", "review", "event", "workflow.run.enqueue_failed"))
                .isEqualTo(1);
    }

    @Test
    void refusalsAreCountedByCode() {
        ledger.refuse(NewRun.of("review"), RefusalCode.CAPACITY, "no room for 17 runs");
        assertThat(counter("workflow.dispatch.refused", "workflow", "review", "reason.code", "capacity"))
                .isEqualTo(1);
    }

    @Test
    void tasksAreCountedAndTimedAndTheirRetriesByWhetherTheyWereExpected() {
        RunId id = queued("review", "q-1");
        ledger.start(id, "w");
        TaskId task = TaskId.of("t-1");
        ledger.tasks()
                .start(
                        id,
                        NewTask.of("fetch", NewTask.Kind.ADAPTER)
                                .id(task)
                                .instrument("github")
                                .retry(RetryPolicy.upTo(2, Duration.ofSeconds(1))));
        clock.advance(Duration.ofSeconds(1));
        ledger.tasks()
                .fail(
                        task,
                        Failure.of("429", Failure.Category.RATE_LIMIT),
                        TaskRun.Result.nothing().statusCode(429));
        ledger.tasks().retry(task);
        clock.advance(Duration.ofSeconds(2));
        ledger.tasks()
                .fail(
                        task,
                        Failure.of("418", Failure.Category.AUTHENTICATION),
                        TaskRun.Result.nothing().statusCode(418));
        ledger.tasks().retry(task);
        ledger.tasks().succeed(task);

        assertThat(counter("workflow.task.started", "workflow", "review", "kind", "adapter"))
                .isEqualTo(1);
        assertThat(counter("workflow.task.retries", "workflow", "review", "task", "fetch", "expected", "true"))
                .isEqualTo(1);
        assertThat(counter("workflow.task.retries", "workflow", "review", "task", "fetch", "expected", "false"))
                .isEqualTo(1);
        assertThat(counter("workflow.adapter.errors", "adapter", "github", "category", "rate_limit", "status", "429"))
                .isEqualTo(1);
        assertThat(counter(
                        "workflow.adapter.errors", "adapter", "github", "category", "authentication", "status", "4xx"))
                .isEqualTo(1);
        Timer failed = timer(
                "workflow.task.duration",
                "workflow",
                "review",
                "task",
                "fetch",
                "kind",
                "adapter",
                "outcome",
                "failed");
        assertThat(failed.count()).isEqualTo(2);
        assertThat(failed.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
    }

    @Test
    void toolsHaveTheirOwn() {
        RunId id = queued("review", "q-1");
        ledger.start(id, "w");
        for (TaskRun.Result result : new TaskRun.Result[] {
            TaskRun.Result.tool(0, 10),
            TaskRun.Result.tool(77, 5),
            TaskRun.Result.tool(137, 1).ranOutOfTime()
        }) {
            TaskId task = TaskId.of(UUID.randomUUID().toString());
            ledger.tasks()
                    .start(id, NewTask.of("grep", NewTask.Kind.TOOL).id(task).instrument("rg"));
            clock.advance(Duration.ofSeconds(1));
            if (result.exitCode().orElseThrow() == 0) {
                ledger.tasks().succeed(task, result);
            } else {
                ledger.tasks().fail(task, Failure.of("exit", Failure.Category.BUG), result);
            }
        }
        assertThat(counter("runtime.tool.exit", "tool", "rg", "code", "0")).isEqualTo(1);
        assertThat(counter("runtime.tool.exit", "tool", "rg", "code", "other")).isEqualTo(1);
        assertThat(counter("runtime.tool.exit", "tool", "rg", "code", "137")).isEqualTo(1);
        assertThat(counter("runtime.tool.timeouts", "tool", "rg")).isEqualTo(1);
        assertThat(counter("runtime.tool.errors", "tool", "rg", "category", "bug"))
                .isEqualTo(2);
        for (String outcome : new String[] {"succeeded", "failed", "timeout"}) {
            assertThat(timer("runtime.tool.execute", "tool", "rg", "outcome", outcome)
                            .count())
                    .isEqualTo(1);
        }
        assertThat(registry.get("runtime.tool.output.bytes")
                        .tag("tool", "rg")
                        .summary()
                        .totalAmount())
                .isEqualTo(16);
    }

    @Test
    void draftRunsHaveSeriesOfTheirOwn() {
        RunId draft = ledger.dispatch(NewRun.of("review").channel(NewRun.Channel.DRAFT))
                .orElseThrow()
                .id();
        ledger.start(draft, "w");
        ledger.succeed(draft);
        RunId live = queued("review", "q-1");
        String[] tags = {"workflow", "review", "event", "workflow.run.queued", "channel"};
        assertThat(counter("workflow.run.events", with(tags, "draft"))).isEqualTo(1);
        assertThat(counter("workflow.run.events", with(tags, "live"))).isEqualTo(1);
        assertThat(ledger.statistics().snapshot(Duration.ofDays(1)).inFlight())
                .singleElement()
                .satisfies(group -> assertThat(group.count()).isEqualTo(1));
        assertThat(ledger.history().state(live)).isPresent();
    }

    private static String[] with(String[] tags, String last) {
        String[] all = Arrays.copyOf(tags, tags.length + 1);
        all[tags.length] = last;
        return all;
    }

    @Test
    void prometheusSeesTheNamesAndBucketsThatTheManualPromises() throws Exception {
        RunId id = queued("review", "q-1");
        ledger.start(id, "w");
        ledger.tasks().start(id, NewTask.of("grep", NewTask.Kind.TOOL).id(TaskId.of("t")));
        ledger.tasks().succeed(TaskId.of("t"), TaskRun.Result.tool(0, 10));
        ledger.succeed(id);
        ledger.await(id, Duration.ofSeconds(1));
        String scrape = registry.scrape();
        assertThat(scrape)
                .contains(
                        "workflow_sync_polls_total{channel=\"live\",outcome=\"completed\",workflow=\"review\"} 1.0",
                        "workflow_sync_poll_duration_seconds_bucket{channel=\"live\",workflow=\"review\",le=\"0.1\"} 1",
                        "workflow_sync_poll_duration_seconds_bucket{channel=\"live\",workflow=\"review\",le=\"300.0\"} 1",
                        "runtime_tool_execute_seconds_count{channel=\"live\",outcome=\"succeeded\",tool=\"grep\"} 1",
                        "runtime_tool_output_bytes_sum{channel=\"live\",tool=\"grep\"} 10.0",
                        "workflow_run_duration_seconds_bucket{channel=\"live\",outcome=\"succeeded\",workflow=\"review\",le=\"2.5\"} 1",
                        "workflow_run_queue_wait_seconds_count{channel=\"live\",queue=\"q-1\",workflow=\"review\"} 1",
                        "workflow_run_events_total{channel=\"live\",event=\"workflow.run.succeeded\",workflow=\"review\"} 1.0");
        for (String bound :
                new String[] {"0.1", "0.5", "1.0", "2.5", "5.0", "10.0", "30.0", "60.0", "120.0", "300.0"}) {
            assertThat(scrape)
                    .contains("workflow_sync_poll_duration_seconds_bucket{channel=\"live\",workflow=\"review\",le=\""
                            + bound + "\"}");
        }
    }

    @Test
    void whatAnEventLacksIsNone() { // an application that keeps its own tables may leave anything out
        events.log(WorkflowRunEvent.RUNNING, EventFields.of().put("other", 1));
        assertThat(counter("workflow.run.events", "workflow", "none", "event", "workflow.run.running"))
                .isEqualTo(1);
    }

    @Test
    void namesWithoutEndAreCountedAsOtherAndTheHeapStaysSmall() {
        SimpleMeterRegistry simple = new SimpleMeterRegistry();
        MicrometerSink capped = MicrometerSink.builder(simple).mostNames(50).build();
        WorkflowRunEvents many = WorkflowRunEvents.builder().sink(capped).build();
        int attacks = Integer.getInteger("ledger.names", 100_000);
        for (int i = 0; i < attacks; i++) {
            many.log(
                    WorkflowRunEvent.RUNNING,
                    EventFields.of()
                            .runId("r-" + i)
                            .workflowName("flow-" + i)
                            .put("queueWaitMs", 5)
                            .put("taskQueue", "queue-" + i));
        }
        Map<String, Long> series = simple.getMeters().stream()
                .map(Meter::getId)
                .collect(Collectors.groupingBy(Meter.Id::getName, Collectors.counting()));
        assertThat(series.get("workflow.run.events")).isEqualTo(51);
        assertThat(series.get("workflow.run.queue.wait")).isLessThanOrEqualTo(101);
        assertThat(simple.get("workflow.run.events")
                        .tags("workflow", "other", "event", "workflow.run.running")
                        .counter()
                        .count())
                .isEqualTo(attacks - 50.0);
        assertThat(simple.get("ledger.meter.names.capped")
                        .tag("meter", "workflow.run.events")
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    void aForeignMeterOfTheSameNameCostsNoTransition() {
        Counter.builder("workflow.run.events").tag("mine", "1").register(registry);
        registry.gauge("workflow.run.duration", 3);
        RunId id = queued("review", "q-1");
        ledger.start(id, "w");
        assertThat(ledger.succeed(id).isApplied()).isTrue();
        assertThat(events.counters().sink("MicrometerSink").failed()).isZero();
        assertThat(events.counters().sink("MicrometerSink").delivered()).isEqualTo(4);
    }

    @Test
    void aClosedRegistryHurtsNobody() {
        registry.close();
        RunId id = queued("review", "q-1");
        ledger.start(id, "w");
        assertThat(ledger.succeed(id).isApplied()).isTrue();
        assertThat(events.counters().sink("MicrometerSink").failed()).isZero();
    }

    @Test
    void aCapHasRoomForOneNameAtLeast() {
        assertThatThrownBy(() -> MicrometerSink.builder(registry).mostNames(0))
                .hasMessage("mostNames is 0, expected 1 or more");
    }

    @Test
    void noIdNoTargetAndNoTextIsATag() {
        RunId id = RunId.of("run-4711");
        ledger.dispatch(NewRun.of("review").id(id).target("acme/app#42"));
        ledger.start(id, "worker-secret");
        ledger.fail(id, Failure.of("broke at line 17"));
        assertThat(registry.scrape()).doesNotContain("4711", "acme", "worker-secret", "line 17");
    }

    private RunId queued(String workflow, String queue) {
        return ledger.dispatch(NewRun.of(workflow).taskQueue(queue))
                .orElseThrow()
                .id();
    }

    private Timer timer(String name, String... tags) {
        return registry.get(name).tags(tags).timer();
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    @Test
    void twoSinksOnOneRegistryHaveTagsOfTheirOwn() {
        PrometheusMeterRegistry both = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        for (String name : new String[] {"a", "b"}) {
            WorkflowRunEvents tagged = WorkflowRunEvents.builder()
                    .sink(MicrometerSink.builder(both).tags("ledger", name).build())
                    .build();
            tagged.log(WorkflowRunEvent.QUEUED, EventFields.of().runId("r-1").workflowName("review"));
        }
        assertThat(both.scrape().lines().filter(line -> line.startsWith("workflow_run_events_total{")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("ledger=").endsWith(" 1.0"));
    }

    @Test
    void aTagThatAMeterHasIsRefused() {
        MicrometerSink.Builder builder = MicrometerSink.builder(registry).tags("workflow", "mine");
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the tag is 'workflow', expected one that the meters do not have");
    }
}
