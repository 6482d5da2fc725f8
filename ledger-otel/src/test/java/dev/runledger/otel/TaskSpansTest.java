package dev.runledger.otel;

import static dev.runledger.otel.RunSpansTest.links;
import static dev.runledger.otel.RunSpansTest.text;
import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.TaskScope;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskSpansTest {
    private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final Telemetry telemetry = new Telemetry();
    private final Process host = Process.of(telemetry.sdk, RunStore.inMemory(clock, 100), clock);
    private final RunId id =
            host.ledger.dispatch(NewRun.of("review")).orElseThrow().id();

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void aTaskIsASpanInsideItsSegmentNamedByItsKind() {
        host.ledger.execute(id, "w", scope -> {
            scope.task("read", task -> "diff");
            scope.task(NewTask.of("think", NewTask.Kind.AGENT), task -> "thought");
            scope.task(NewTask.of("test", NewTask.Kind.TOOL), task -> "green");
            scope.task(NewTask.of("github", NewTask.Kind.ADAPTER), task -> "201");
            return RunOutcome.succeeded();
        });

        String segment = telemetry.span("workflow.run").getSpanId();
        for (String name : new String[] {"task.execute", "agent.execute", "runtime.execute_tool", "adapter.call"}) {
            SpanData span = telemetry.span(name);
            assertThat(span.getParentSpanId()).as(name).isEqualTo(segment);
            assertThat(text(span, "ledger.outcome")).as(name).isEqualTo("succeeded");
            assertThat(text(span, "ledger.run_id")).as(name).isEqualTo(id.value());
        }
        assertThat(text(telemetry.span("task.execute"), "ledger.task_name")).isEqualTo("read");
        assertThat(text(telemetry.span("adapter.call"), "ledger.verb")).isEqualTo("call");
    }

    @Test
    void anAgentIsPreparedInsideItsSpan() {
        host.ledger.execute(id, "w", scope -> {
            scope.task(NewTask.of("think", NewTask.Kind.AGENT), task -> {
                String prompt =
                        task.prepare(ready -> Span.current().getSpanContext().getSpanId());
                assertThat(prompt).isNotEqualTo(Span.current().getSpanContext().getSpanId());
                return prompt;
            });
            return RunOutcome.succeeded();
        });

        assertThat(telemetry.span("agent.prepare").getParentSpanId())
                .isEqualTo(telemetry.span("agent.execute").getSpanId());
    }

    @Test
    void whatAToolDidIsOnItsSpan() {
        host.ledger.execute(id, "w", scope -> {
            NewTask tool = NewTask.of("test", NewTask.Kind.TOOL)
                    .instrument("mvn")
                    .timeout(Duration.ofSeconds(30))
                    .permissions(Set.of("workspace:write"));
            scope.task(tool, task -> {
                task.result(TaskRun.Result.tool(137, 4_096).ranOutOfTime());
                return task.fail(Failure.of("killed"));
            });
            return RunOutcome.succeeded();
        });

        SpanData span = telemetry.span("runtime.execute_tool");
        assertThat(text(span, "ledger.instrument")).isEqualTo("mvn");
        assertThat(text(span, "ledger.permissions")).isEqualTo("workspace:write");
        assertThat(span.getAttributes().get(longKey("ledger.timeout_ms"))).isEqualTo(30_000);
        assertThat(span.getAttributes().get(longKey("ledger.exit_code"))).isEqualTo(137);
        assertThat(span.getAttributes().get(longKey("ledger.output_bytes"))).isEqualTo(4_096);
        assertThat(span.getAttributes().get(booleanKey("ledger.timed_out"))).isTrue();
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(telemetry.span("workflow.run").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void eachAttemptIsASpan() {
        host.ledger.execute(id, "w", scope -> {
            TaskScope task = scope.task(NewTask.of("call", NewTask.Kind.ADAPTER));
            assertThatThrownBy(() -> task.run(attempt -> {
                        throw new java.io.IOException("reset");
                    }))
                    .isInstanceOf(java.io.IOException.class);
            task.retry();
            task.run(attempt -> "201");
            return RunOutcome.succeeded();
        });

        assertThat(telemetry.spans("adapter.call"))
                .extracting(span -> text(span, "ledger.outcome")
                        + span.getAttributes().get(longKey("ledger.attempt"))
                        + text(span, "error.type"))
                .containsExactly("failed1java.io.IOException", "succeeded2null");
        assertThat(host.otel.openSpans()).isZero();
    }

    @Test
    void aTaskOnAThreadOfTheApplicationStaysInsideTheSegment() throws Exception {
        host.ledger.execute(id, "w", scope -> {
            Thread own = new Thread(() -> scope.task("read", task -> "diff"));
            own.start();
            own.join();
            return RunOutcome.succeeded();
        });

        assertThat(telemetry.span("task.execute").getParentSpanId())
                .isEqualTo(telemetry.span("workflow.run").getSpanId());
    }

    @Test
    void aTaskInsideASpanOfTheApplicationIsItsChild() {
        Span[] own = new Span[1];
        host.ledger.execute(id, "w", scope -> {
            own[0] = telemetry.inside("own", () -> scope.task("read", task -> "diff"));
            return RunOutcome.succeeded();
        });

        assertThat(telemetry.span("task.execute").getParentSpanId())
                .isEqualTo(own[0].getSpanContext().getSpanId());
    }

    @Test
    void aTaskThatTheApplicationEndsItselfHasASpanOfItsTimes() {
        host.ledger.start(id, "w");
        TaskId task = host.ledger
                .tasks()
                .start(id, NewTask.of("test", NewTask.Kind.TOOL))
                .orElseThrow()
                .id();
        clock.advance(Duration.ofSeconds(6));
        host.ledger.tasks().succeed(task, TaskRun.Result.tool(0, 1));

        SpanData span = telemetry.span("runtime.execute_tool");
        assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(6));
        assertThat(text(span, "ledger.outcome")).isEqualTo("succeeded");
    }

    @Test
    void anAwaitIsASpanWithAnEventAPoll() throws Exception {
        Span dispatch = telemetry.inside(
                "request", () -> host.ledger.dispatch(NewRun.of("fix").id(RunId.of("run-2"))));
        RunId other = RunId.of("run-2");
        host.ledger.cancel(other, "enough");
        assertThat(host.ledger.await(other, Duration.ofSeconds(10))).isPresent();
        assertThat(host.ledger.await(id, Duration.ofMillis(1))).isEqualTo(Optional.empty());
        assertThatThrownBy(() -> host.ledger.await(RunId.of("run-3"), Duration.ofSeconds(1)))
                .isInstanceOf(NoSuchElementException.class);

        SpanData ended = telemetry.spans("workflow.wait_completion").get(0);
        assertThat(text(ended, "ledger.outcome")).isEqualTo("completed");
        assertThat(ended.getAttributes().get(longKey("ledger.polls"))).isEqualTo(1);
        assertThat(ended.getEvents()).extracting(EventData::getName).containsExactly("workflow.run.polled");
        assertThat(ended.getEvents().get(0).getAttributes().asMap()).containsValue("cancelled");
        assertThat(links(ended)).containsEntry("run", dispatch.getSpanContext().getSpanId());
        SpanData timedOut = telemetry.spans("workflow.wait_completion").get(1);
        assertThat(text(timedOut, "ledger.outcome")).isEqualTo("timeout");
        assertThat((long) timedOut.getEvents().size())
                .isEqualTo(timedOut.getAttributes().get(longKey("ledger.polls")))
                .isPositive();
        assertThat(telemetry.spans("workflow.wait_completion")).hasSize(3);
        assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }

    @Test
    void anAwaitThatGoesOnHasAnEventEachTimeItLooks() throws Exception {
        host.ledger.await(id, Duration.ofMillis(200), RetryPolicy.Backoff.constant(Duration.ofMillis(10)));

        SpanData span = telemetry.span("workflow.wait_completion");
        assertThat(span.getEvents())
                .hasSizeGreaterThan(1)
                .extracting(EventData::getName)
                .containsOnly("workflow.run.polled");
        assertThat((long) span.getEvents().size())
                .isEqualTo(span.getAttributes().get(longKey("ledger.polls")));
    }
}
