package dev.runledger.otel;

import static dev.runledger.otel.RunSpansTest.text;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Wait;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CicdNamesTest {
    private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final Telemetry telemetry = new Telemetry();
    private final Process host = new Process(
            OtelPlugin.builder(telemetry.sdk).cicdNames(true).build(), RunStore.inMemory(clock, 1_000), clock);

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void theyAreOffUnlessAskedFor() {
        Process plain = Process.of(telemetry.sdk, RunStore.inMemory(clock, 10), clock);
        RunId id = plain.ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        plain.ledger.execute(id, "w", scope -> scope.task("read", task -> RunOutcome.succeeded()));

        assertThat(telemetry.spans().toString() + telemetry.records()).doesNotContain("cicd");
        assertThat(telemetry.metrics.collectAllMetrics()).isEmpty();
    }

    @Test
    void aRunAndItsTasksAreCalledAsPipelinesAre() {
        RunId id = queued();
        host.ledger.execute(id, "w-1", scope -> scope.task("read", task -> RunOutcome.succeeded()));

        SpanData run = telemetry.span("RUN review");
        assertThat(run.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(text(run, "cicd.pipeline.name")).isEqualTo("review");
        assertThat(text(run, "cicd.pipeline.run.id")).isEqualTo(id.value());
        assertThat(text(run, "cicd.pipeline.result")).isEqualTo("success");
        assertThat(text(run, "cicd.worker.id")).isEqualTo("w-1");
        assertThat(text(run, "ledger.outcome")).isEqualTo("succeeded");
        SpanData task = telemetry.span("task.execute");
        assertThat(text(task, "cicd.pipeline.task.name")).isEqualTo("read");
        assertThat(text(task, "cicd.pipeline.task.run.id")).isEqualTo(text(task, "ledger.task_id"));
        assertThat(text(task, "cicd.pipeline.task.run.result")).isEqualTo("success");
    }

    @Test
    void theTimeInEachStateIsMeasured() {
        RunId id = queued();
        clock.advance(Duration.ofSeconds(2));
        host.ledger.start(id, "w");
        clock.advance(Duration.ofSeconds(3));
        host.ledger.suspend(id, Wait.of(Wait.Code.APPROVAL));
        clock.advance(Duration.ofSeconds(50));
        host.ledger.resume(id, Resumption.of());
        clock.advance(Duration.ofSeconds(4));
        host.ledger.succeed(id);

        assertThat(durations())
                .isEqualTo(
                        Map.of("pending null null", 2.0, "suspended null null", 50.0, "executing success null", 7.0));
        assertThat(metric(CicdMetrics.DURATION).getUnit()).isEqualTo("s");
    }

    @Test
    void resultsAreTheConventionsWhereItHasThem() {
        host.ledger.fail(queued(), Failure.of("slow", Failure.Category.TIMEOUT));
        assertThat(durations()).containsKey("pending timeout timeout");
        host.ledger.fail(queued(), Failure.of("gone", Failure.Category.WORKER_LOST));
        assertThat(durations()).containsKey("pending error worker_lost");
        host.ledger.fail(queued(), Failure.of("wrong"));
        assertThat(durations()).containsKey("pending failure _OTHER");
        host.ledger.cancel(queued(), "enough");
        assertThat(durations()).containsKey("pending cancellation null");
        RunId waiting = queued();
        host.ledger.start(waiting, "w");
        host.ledger.suspend(waiting, Wait.of(Wait.Code.WAIT));
        host.ledger.cancel(waiting, "enough");
        assertThat(durations()).containsKey("suspended cancellation null");
        RunId red = queued();
        host.ledger.start(red, "w");
        host.ledger.incomplete(red, "red");
        assertThat(durations()).containsKey("executing incomplete null");
    }

    @Test
    void draftsAreMeasuredApart() {
        host.ledger.fail(queued(), Failure.of("slow", Failure.Category.TIMEOUT));
        NewRun draft = NewRun.of("review").channel(NewRun.Channel.DRAFT);
        host.ledger.enqueueFailed(host.ledger.dispatch(draft).orElseThrow().id(), new IllegalStateException("full"));
        assertThat(durationPoints())
                .extracting(point -> point.getAttributes().get(stringKey("ledger.channel")))
                .containsExactlyInAnyOrder("live", "draft");
        assertThat(metric(CicdMetrics.RUN_ERRORS).getLongSumData().getPoints())
                .extracting(point -> point.getAttributes().get(stringKey("ledger.channel")))
                .containsExactly("live");
        assertThat(metric(CicdMetrics.SYSTEM_ERRORS).getLongSumData().getPoints())
                .extracting(point -> point.getAttributes().get(stringKey("ledger.channel")))
                .containsExactly("draft");
    }

    @Test
    void errorsAreCountedByCategory() {
        host.ledger.fail(queued(), Failure.of("slow", Failure.Category.TIMEOUT));
        host.ledger.enqueueFailed(queued(), new IllegalStateException("full"));

        assertThat(point(CicdMetrics.RUN_ERRORS).getAttributes())
                .isEqualTo(Attributes.of(
                        stringKey("cicd.pipeline.name"),
                        "review",
                        stringKey("ledger.channel"),
                        "live",
                        stringKey("error.type"),
                        "timeout"));
        assertThat(point(CicdMetrics.RUN_ERRORS).getValue()).isEqualTo(1);
        assertThat(point(CicdMetrics.SYSTEM_ERRORS).getAttributes().get(stringKey("cicd.system.component")))
                .isEqualTo("scheduler");
    }

    @Test
    void namesThatAreMadeUpAreCapped() {
        for (int i = 0; i < 1_000; i++) {
            RunId id = host.ledger
                    .dispatch(NewRun.of("made-up-" + i))
                    .orElseThrow()
                    .id();
            host.ledger.start(id, "w");
        }

        assertThat(durationPoints())
                .hasSizeLessThanOrEqualTo(201)
                .extracting(each -> each.getAttributes().get(stringKey("cicd.pipeline.name")))
                .contains("other", "made-up-0");
    }

    @Test
    void aNameThatSeveralThreadsBringAtOnceIsItsOwn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int i = 0; i < 150; i++) {
                EventFields running =
                        EventFields.of().runId("r").workflowName("made-up-" + i).queueWait(Duration.ofSeconds(1));
                CountDownLatch gate = new CountDownLatch(1);
                List<Future<?>> emitted = new ArrayList<>();
                for (int thread = 0; thread < 8; thread++) {
                    emitted.add(threads.submit(() -> {
                        gate.await();
                        host.events.log(WorkflowRunEvent.RUNNING, running);
                        return null;
                    }));
                }
                gate.countDown();
                for (Future<?> each : emitted) {
                    each.get();
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(durationPoints())
                .extracting(each -> each.getAttributes().get(stringKey("cicd.pipeline.name")))
                .doesNotContain("other")
                .hasSize(150);
    }

    @Test
    void categoriesThatAreMadeUpAreOther() {
        for (int i = 0; i < 500; i++) {
            host.events.log(
                    WorkflowRunEvent.FAILED,
                    EventFields.of()
                            .runId("r-" + i)
                            .workflowName("review")
                            .duration(Duration.ZERO)
                            .put(EventField.ERROR_CATEGORY, "made-up-" + i));
        }
        assertThat(metric(CicdMetrics.RUN_ERRORS).getLongSumData().getPoints())
                .singleElement()
                .satisfies(each -> assertThat(each.getAttributes().get(stringKey("error.type")))
                        .isEqualTo("_OTHER"));
    }

    private RunId queued() {
        return host.ledger.dispatch(NewRun.of("review")).orElseThrow().id();
    }

    private Map<String, Double> durations() {
        return durationPoints().stream()
                .collect(Collectors.toMap(
                        each -> each.getAttributes().get(stringKey("cicd.pipeline.run.state")) + " "
                                + each.getAttributes().get(stringKey("cicd.pipeline.result")) + " "
                                + each.getAttributes().get(stringKey("error.type")),
                        HistogramPointData::getSum));
    }

    private Collection<HistogramPointData> durationPoints() {
        return metric(CicdMetrics.DURATION).getHistogramData().getPoints();
    }

    private LongPointData point(String name) {
        return metric(name).getLongSumData().getPoints().iterator().next();
    }

    private MetricData metric(String name) {
        List<MetricData> found = telemetry.metrics.collectAllMetrics().stream()
                .filter(each -> each.getName().equals(name))
                .toList();
        assertThat(found).as(name).hasSize(1);
        return found.get(0);
    }
}
