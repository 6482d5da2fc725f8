package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.faults.Rounds;
import dev.runledger.micrometer.LedgerMeter;
import dev.runledger.micrometer.LedgerMeters;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.HighCardinalityTagsDetector;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application can do to the meters: names without end, and meters of its own that have our names. */
class HostileMetersTest {
    private static final int MOST_NAMES = 200;
    private static final int MOST_CODES = 64;

    /** The names and "other", each with both values of a tag that has two, and the codes of one of them. */
    private static final int MOST_SERIES = 2 * (MOST_NAMES + 1) + MOST_CODES;

    private static final long MOST_BYTES = 5 << 20;
    private static final Set<String> FREE = Set.of("workflow", "task", "queue", "tool", "adapter");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @Test
    void namesWithoutEndMakeNoMeterTooManyAndKeepNoHeap() {
        int names = Rounds.of(20_000, 1_000_000);
        WorkflowRunEvents events =
                WorkflowRunEvents.builder().sink(MicrometerSink.of(registry)).build();
        emit(events, 0);
        long before = heap();
        for (int i = 1; i < names; i++) {
            emit(events, i);
        }
        long grown = heap() - before;

        Map<String, List<Meter.Id>> meters =
                registry.getMeters().stream().map(Meter::getId).collect(Collectors.groupingBy(Meter.Id::getName));
        int most = 0;
        for (Map.Entry<String, List<Meter.Id>> each : meters.entrySet()) {
            most = Math.max(most, each.getValue().size());
            assertThat(each.getValue()).as("series of " + each.getKey()).hasSizeLessThanOrEqualTo(MOST_SERIES);
            assertThat(freeNames(each.getValue()))
                    .as("names of " + each.getKey())
                    .isLessThanOrEqualTo(MOST_NAMES + 1);
        }
        assertThat(grown).as("bytes by which the heap grew").isLessThanOrEqualTo(MOST_BYTES);
        try (HighCardinalityTagsDetector detector =
                new HighCardinalityTagsDetector(registry, MOST_SERIES, Duration.ofDays(1))) {
            assertThat(detector.findFirst()).isEmpty();
        }
        assertThat(counted("workflow.run.events", "workflow", "other")).isEqualTo(names - MOST_NAMES);
        assertThat(counted("runtime.tool.errors", "tool", "other")).isEqualTo(names - MOST_NAMES);
        assertThat(counted("runtime.tool.errors", "category", "other"))
                .as("categories beyond those that the tool called other has")
                .isEqualTo(names - MOST_NAMES - MOST_CODES);
        for (String capped : List.of(
                "workflow.run.events",
                "workflow.run.queue.wait",
                "workflow.task.duration",
                "runtime.tool.execute",
                "workflow.adapter.errors")) {
            assertThat(counted("ledger.meter.names.capped", "meter", capped))
                    .as(capped)
                    .isPositive();
        }
        assertThat(events.counters().sinks()).allSatisfy(sink -> {
            assertThat(sink.failed()).isZero();
            assertThat(sink.delivered()).isEqualTo(3L * names);
        });
        System.out.printf(
                "names of meters: %d of each kind, %d series of a meter at most, the heap grew by %d kB%n",
                names, most, grown / 1024);
    }

    /** Emits three events in which every name and code that an application can make up is new. */
    private static void emit(WorkflowRunEvents events, int i) {
        EventFields run = EventFields.of().runId("r-" + i).workflowName("workflow-" + i);
        events.log(
                WorkflowRunEvent.RUNNING,
                run.put(EventField.QUEUE_WAIT_MS, 5).put(EventField.TASK_QUEUE, "queue-" + i));
        for (NewTask.Kind kind : List.of(NewTask.Kind.TOOL, NewTask.Kind.ADAPTER)) {
            events.log(
                    TaskRunEvent.FAILED,
                    EventFields.of()
                            .runId("r-" + i)
                            .workflowName("workflow-" + i)
                            .put(EventField.TASK_NAME, "task-" + i)
                            .put(EventField.TASK_KIND, kind.code())
                            .put(EventField.INSTRUMENT, kind.code() + "-" + i)
                            .put(EventField.ERROR_CATEGORY, "category-" + i)
                            .put(EventField.DURATION_MS, 7)
                            .put(EventField.EXIT_CODE, i)
                            .put(EventField.OUTPUT_BYTES, i));
        }
    }

    private static long freeNames(List<Meter.Id> series) {
        return series.stream()
                .map(id -> id.getTags().stream()
                        .filter(tag -> FREE.contains(tag.getKey()))
                        .toList())
                .distinct()
                .count();
    }

    private double counted(String meter, String tag, String value) {
        return registry.find(meter).tag(tag, value).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** Returns the least of some readings, since the collector promises nothing. */
    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void metersOfTheApplicationThatHaveOurNamesCostNoTransition(boolean strict) throws Exception {
        for (LedgerMeter meter : LedgerMeter.values()) {
            Counter.builder(meter.meterName()).tag("mine", "1").register(registry);
        }
        if (strict) {
            registry.throwExceptionOnRegistrationFailure();
        }
        try (Ledger ledger = Ledger.builder().sink(MicrometerSink.of(registry)).build()) {
            try (LedgerMeters meters = LedgerMeters.of(ledger)) {
                meters.bindTo(registry);
                RunId id = ledger.dispatch(NewRun.of("review").target("acme/app#42"))
                        .orElseThrow()
                        .id();
                assertThat(ledger.dispatch(NewRun.of("review").target("acme/app#42")))
                        .isNotInstanceOf(Dispatch.Queued.class);
                ledger.start(id, "worker-1").orElseThrow();
                for (NewTask.Kind kind : NewTask.Kind.values()) {
                    TaskId task = TaskId.of("task-" + kind);
                    ledger.tasks().start(id, NewTask.of("task", kind).id(task).instrument("it"));
                    ledger.tasks().fail(task, Failure.of("broke"), TaskRun.Result.tool(1, 10));
                    ledger.tasks().retry(task);
                    ledger.tasks().succeed(task);
                }
                ledger.succeed(id).orElseThrow();
                ledger.await(id, Duration.ofSeconds(1));
                assertThat(ledger.history().events(id)).hasSizeGreaterThan(2);
                assertThat(registry.scrape()).contains("mine=\"1\"");
            }
            assertThat(ledger.events().counters().sinks()).allSatisfy(sink -> {
                assertThat(sink.failed()).isZero();
                assertThat(sink.delivered()).isPositive();
            });
        }
        assertThat(registry.getMeters())
                .filteredOn(meter -> meter.getId().getTag("mine") != null)
                .hasSize(LedgerMeter.values().length);
    }
}
