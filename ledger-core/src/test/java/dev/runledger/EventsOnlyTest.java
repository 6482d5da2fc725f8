package dev.runledger;

import static dev.runledger.event.WorkflowRunEvent.DISPATCH_REFUSED;
import static dev.runledger.event.WorkflowRunEvent.FAILED;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.TaskRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** An application that keeps its own tables emits at each call site, and nothing that it gets wrong throws; see {@link EventsOnlyContractTest}. */
class EventsOnlyTest {
    private final List<LedgerEvent> events = new ArrayList<>();
    private final WorkflowRunEvents helper = WorkflowRunEvents.builder()
            .sink(EventSink.inline(events::add))
            .echo(false)
            .build();

    private static EventFields known() {
        return EventFields.of()
                .runId("r-1")
                .workflowName("review")
                .target("acme/app#42")
                .deliveryId("d-1");
    }

    private static EventFields knownWithoutRun() {
        return EventFields.of().workflowName("review").target("acme/app#42").deliveryId("d-1");
    }

    private LedgerEvent last() {
        return events.get(events.size() - 1);
    }

    private String violation() {
        return last().text(EventField.CONTRACT_VIOLATION).orElse("");
    }

    @Test
    void theHelperFillsInWhatAFailureAlwaysSays() {
        helper.log(FAILED, known().duration(Duration.ZERO).reason("x"));
        assertThat(last().get(EventField.UNCAUGHT)).contains(false);
        assertThat(last().text(EventField.ERROR_CATEGORY)).contains("unknown");
        helper.log(DISPATCH_REFUSED, knownWithoutRun().reason("x"));
        assertThat(last().text(EventField.REASON_CODE)).contains("other");
    }

    @Test
    void aFailureIsComplete() {
        helper.log(FAILED, known().duration(Duration.ZERO).failure(Failure.uncaught(new TimeoutException("too late"))));
        assertThat(violation()).isEmpty();
        assertThat(last().get(EventField.UNCAUGHT)).contains(true);
        assertThat(last().text(EventField.ERROR_CATEGORY)).contains("timeout");
        assertThat(last().text(EventField.ERROR_CLASS)).contains("java.util.concurrent.TimeoutException");
        helper.log(TaskRunEvent.FAILED, known().taskId(null).failure(Failure.uncaught(new IllegalStateException("x"))));
        assertThat(violation()).doesNotContain("uncaught");
    }

    @Test
    void boundFieldsAreOnEveryEventAndTheEventsOwnWin() {
        WorkflowRunEvents.Bound run = helper.with(known().put("tenant", "acme"));
        run.log(QUEUED);
        assertThat(last().fields()).containsEntry("runId", "r-1").containsEntry("tenant", "acme");
        run.log(SUCCEEDED, EventFields.of().duration(Duration.ofSeconds(1)).put("tenant", "globex"));
        assertThat(last().fields()).containsEntry("durationMs", 1000L).containsEntry("tenant", "globex");
        run.with(EventFields.of().put("step", 2)).log(RUNNING, Map.of("workerId", "w-1"));
        assertThat(last().fields())
                .containsEntry("step", 2L)
                .containsEntry("workerId", "w-1")
                .containsEntry("runId", "r-1");
        run.log(RUNNING);
        assertThat(last().fields()).doesNotContainKeys("step", "workerId");
        assertThat(violation()).isEmpty();
    }

    @Test
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // what a call site in a hurry does
    void nullNeverThrows() {
        helper.log(null, known());
        helper.log(QUEUED, (EventFields) null);
        helper.log(QUEUED, (Map<String, ?>) null);
        helper.with(null).log(QUEUED, (EventFields) null);
        assertThat(events)
                .hasSize(3)
                .allSatisfy(event -> assertThat(event.text(EventField.CONTRACT_VIOLATION))
                        .contains("missing workflowName; missing runId"));
        helper.log(
                SUCCEEDED,
                known().runId((RunId) null)
                        .duration(null)
                        .reason(null)
                        .failure(null)
                        .cause(null)
                        .put((String) null, "x")
                        .put("a", (String) null)
                        .put((EventField) null, 1));
        assertThat(violation()).isEqualTo("'(null)' is not a field name; missing durationMs");
        assertThat(helper.counters().contractViolations()).isEqualTo(5);
        assertThat(helper.counters().buildFailures()).isZero();
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // a raw map from an older library
    void keysThatAreNoNamesAreViolationsEach() {
        Map raw = new HashMap<>();
        raw.put("runId", "r-1");
        raw.put("workflowName", "review");
        raw.put(7, "x");
        raw.put(null, "y");
        helper.log(QUEUED, (Map<String, ?>) raw);
        assertThat(violation()).contains("'(java.lang.Integer)' is not a field name", "'(null)' is not a field name");
    }
}
