package dev.runledger;

import static dev.runledger.event.WorkflowRunEvent.CANCELLED;
import static dev.runledger.event.WorkflowRunEvent.DISPATCH_REFUSED;
import static dev.runledger.event.WorkflowRunEvent.ENQUEUE_FAILED;
import static dev.runledger.event.WorkflowRunEvent.FAILED;
import static dev.runledger.event.WorkflowRunEvent.HANDED_OFF;
import static dev.runledger.event.WorkflowRunEvent.INCOMPLETE;
import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RUNNING;
import static dev.runledger.event.WorkflowRunEvent.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.sink.EventSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract with an application that keeps its own tables and emits eight events. Each event has its run, its workflow and, where
 * they are known, its target and its delivery; an end has a duration, what went wrong has a reason, and a hand-off has a child.
 */
class EventsOnlyContractTest {
    private static final Map<String, Object> RUN = Map.of("runId", "r-1", "workflowName", "review");
    private static final Map<String, Object> NO_RUN = Map.of("workflowName", "review");
    private static final Map<String, Object> ORIGIN = Map.of("target", "acme/app#42", "deliveryId", "d-1");

    private final List<LedgerEvent> events = new ArrayList<>();
    private final WorkflowRunEvents helper =
            WorkflowRunEvents.builder().sink(EventSink.inline(events::add)).build();

    /** Emits an event and returns what breaks the contract, or nothing. */
    private String violation(WorkflowRunEvent event, Map<String, ?> fields) {
        int before = events.size();
        helper.log(event, fields);
        return events.get(before).text(EventField.CONTRACT_VIOLATION).orElse("");
    }

    private static Map<String, Object> with(Map<String, Object> fields, Object... more) {
        Map<String, Object> all = new HashMap<>(fields);
        for (int i = 0; i < more.length; i += 2) {
            all.put((String) more[i], more[i + 1]);
        }
        return all;
    }

    static Stream<Arguments> theEight() {
        return Stream.of(
                Arguments.of(QUEUED, RUN),
                Arguments.of(RUNNING, RUN),
                Arguments.of(SUCCEEDED, with(RUN, "durationMs", 2000)),
                Arguments.of(FAILED, with(RUN, "durationMs", 2000, "reason", "the build broke")),
                Arguments.of(INCOMPLETE, with(RUN, "durationMs", 2000, "reason", "two findings are open")),
                Arguments.of(HANDED_OFF, with(RUN, "childRunId", "r-2")),
                Arguments.of(DISPATCH_REFUSED, with(NO_RUN, "reason", "one is under way")),
                Arguments.of(ENQUEUE_FAILED, with(RUN, "reason", "the queue is full")));
    }

    @ParameterizedTest
    @MethodSource("theEight")
    void anEventNeedsNoMore(WorkflowRunEvent event, Map<String, Object> fields) {
        assertThat(violation(event, fields)).isEmpty();
        assertThat(helper.counters().contractViolations()).isZero();
    }

    @ParameterizedTest
    @MethodSource("theEight")
    void anEventMayHaveItsTargetAndItsDelivery(WorkflowRunEvent event, Map<String, Object> fields) {
        Map<String, Object> all = new HashMap<>(fields);
        all.putAll(ORIGIN);
        assertThat(violation(event, all)).isEmpty();
        assertThat(events.get(0).fields()).containsAllEntriesOf(ORIGIN);
        assertThat(helper.counters().contractViolations()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkflowRunEvent.class,
            names = {"SUCCEEDED", "FAILED", "INCOMPLETE", "CANCELLED"})
    void anEndSaysHowLongItTook(WorkflowRunEvent end) {
        Map<String, Object> fields = end == SUCCEEDED ? RUN : with(RUN, "reason", "why");
        assertThat(violation(end, fields)).isEqualTo("missing durationMs");
        assertThat(helper.counters().contractViolations()).isOne();
    }

    static Stream<Arguments> whatWentWrong() {
        return Stream.of(
                Arguments.of(FAILED, with(RUN, "durationMs", 0)),
                Arguments.of(INCOMPLETE, with(RUN, "durationMs", 0)),
                Arguments.of(CANCELLED, with(RUN, "durationMs", 0)),
                Arguments.of(ENQUEUE_FAILED, RUN),
                Arguments.of(DISPATCH_REFUSED, NO_RUN));
    }

    @ParameterizedTest
    @MethodSource("whatWentWrong")
    void whatWentWrongSaysWhy(WorkflowRunEvent event, Map<String, Object> fields) {
        assertThat(violation(event, fields)).isEqualTo("missing reason");
        assertThat(helper.counters().contractViolations()).isOne();
    }

    static Stream<Arguments> whatBreaksTheContract() {
        return Stream.of(
                Arguments.of(QUEUED, NO_RUN, "missing runId"),
                Arguments.of(QUEUED, Map.of("runId", "r-1"), "missing workflowName"),
                Arguments.of(HANDED_OFF, RUN, "missing childRunId"),
                Arguments.of(
                        DISPATCH_REFUSED,
                        with(RUN, "reason", "one is under way"),
                        "runId is not for the call site to set on workflow.run.dispatch_refused"));
    }

    @ParameterizedTest
    @MethodSource("whatBreaksTheContract")
    void anEventOfARunNamesItAndARefusalHasNone(WorkflowRunEvent event, Map<String, Object> fields, String expected) {
        assertThat(violation(event, fields)).isEqualTo(expected);
        assertThat(helper.counters().contractViolations()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void aBlankIdIsNoId(String blank) {
        assertThat(violation(QUEUED, with(RUN, "runId", blank))).isEqualTo("runId is blank");
        assertThat(events.get(0).get(EventField.RUN_ID)).isEmpty();
        assertThat(violation(QUEUED, with(RUN, "workflowName", blank))).isEqualTo("workflowName is blank");
        assertThat(violation(QUEUED, with(RUN, "deliveryId", blank))).isEqualTo("deliveryId is blank");
        assertThat(violation(QUEUED, with(RUN, "target", blank))).isEqualTo("target is blank");
        assertThat(violation(HANDED_OFF, with(RUN, "childRunId", blank))).isEqualTo("childRunId is blank");
        assertThat(helper.counters().contractViolations()).isEqualTo(5);
    }
}
