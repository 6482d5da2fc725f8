package dev.runledger.otel;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.WorkflowRunEvents;
import dev.runledger.event.EventField;
import dev.runledger.event.EventFields;
import dev.runledger.event.EventType;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.sink.EventSink;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import dev.runledger.testkit.RecordingSink;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventRecordsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.000001Z");

    private final Telemetry telemetry = new Telemetry();
    private final MutableClock clock = MutableClock.at(NOON);
    private final Process host = Process.of(telemetry.sdk, RunStore.inMemory(clock, 100), clock);

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void anEventIsOneRecordWithItsNameItsIdItsTimeAndItsFields() {
        RunId id = host.ledger
                .dispatch(NewRun.of("review").target("acme/app#42"))
                .orElseThrow()
                .id();

        LogRecordData queued = telemetry.record("workflow.run.queued");
        assertThat(queued.getInstrumentationScopeInfo().getName()).isEqualTo("dev.runledger");
        assertThat(queued.getTimestampEpochNanos()).isEqualTo(nanos(NOON));
        assertThat(queued.getObservedTimestampEpochNanos()).isPositive();
        assertThat(queued.getSeverity()).isEqualTo(Severity.INFO);
        assertThat(queued.getSeverityText()).isEqualTo("INFO");
        assertThat(queued.getBodyValue()).isNotNull();
        assertThat(queued.getBodyValue().asString()).isEqualTo("Workflow run queued");
        assertThat(queued.getAttributes())
                .isEqualTo(Attributes.builder()
                        .put("log.record.uid", id + ":1")
                        .put("ledger.schema_version", 1)
                        .put("ledger.run_id", id.value())
                        .put("ledger.seq", 1)
                        .put("ledger.workflow_name", "review")
                        .put("ledger.target", "acme/app#42")
                        .put("ledger.channel", "live")
                        .build());
    }

    @Test
    void everyEventOfTheVocabularyIsOne() {
        for (EventType type : EventType.all()) {
            host.events.log(
                    type,
                    EventFields.of()
                            .runId("0190a3b1-6a2f-7c3d-8e4f-0123456789ab")
                            .workflowName("review"));
        }

        List<String> expected = new ArrayList<>();
        for (EventType type : EventType.all()) {
            expected.add(type.eventName());
            if (type.isTerminal() && type != WorkflowRunEvent.COMPLETED) {
                expected.add("workflow.run.completed");
            }
        }
        assertThat(telemetry.records()).extracting(LogRecordData::getEventName).containsExactlyElementsOf(expected);
        assertThat(telemetry.records())
                .extracting(each -> each.getAttributes().get(stringKey("log.record.uid")))
                .doesNotHaveDuplicates()
                .doesNotContainNull();
    }

    @Test
    void theIdIsTheOneThatEverySinkHas() {
        RecordingSink other = new RecordingSink();
        try (WorkflowRunEvents events =
                WorkflowRunEvents.builder().sink(other).install(host.otel).build()) {
            events.log(WorkflowRunEvent.CANCELLED, EventFields.of().runId("r-1").workflowName("review"));
        }
        assertThat(telemetry.records())
                .extracting(each -> each.getAttributes().get(stringKey("log.record.uid")))
                .containsExactlyElementsOf(
                        other.events().stream().map(each -> each.eventId()).toList());
    }

    @Test
    void aFailureHasItsErrorInTheWordsOfTheConventionsAndRedacted() {
        RunId id = host.ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        host.ledger.start(id, "w");
        host.ledger.fail(id, Failure.uncaught(new IllegalStateException("no luck with password=hunter2-and-more")));

        LogRecordData failed = telemetry.record("workflow.run.failed");
        assertThat(failed.getSeverity()).isEqualTo(Severity.ERROR);
        assertThat(failed.getSeverityText()).isEqualTo("ERROR");
        assertThat(failed.getAttributes().get(stringKey("error.type"))).isEqualTo("java.lang.IllegalStateException");
        assertThat(failed.getAttributes().get(stringKey("exception.type")))
                .isEqualTo("java.lang.IllegalStateException");
        assertThat(failed.getAttributes().get(stringKey("exception.message"))).startsWith("no luck with password=");
        assertThat(failed.getAttributes().get(stringKey("exception.stacktrace")))
                .contains("EventRecordsTest.aFailureHasItsError");
        assertThat(failed.getAttributes().get(booleanKey("ledger.uncaught"))).isTrue();
        assertThat(telemetry.records().toString() + telemetry.spans()).doesNotContain("hunter2");
    }

    @Test
    void aFailureWithoutAnErrorHasItsCategoryAsType() {
        RunId id = host.ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        host.ledger.fail(id, Failure.of("slow", Failure.Category.TIMEOUT));

        assertThat(telemetry.record("workflow.run.failed").getAttributes().get(stringKey("error.type")))
                .isEqualTo("timeout");
        assertThat(telemetry.span("workflow.run").getAttributes().get(stringKey("ledger.error_category")))
                .isEqualTo("timeout");
    }

    @Test
    void customFieldsKeepTheirNamesAndTypesUnlessTheyAreOurs() {
        host.events.log(
                WorkflowRunEvent.QUEUED,
                EventFields.of()
                        .runId("r-1")
                        .workflowName("review")
                        .put("prNumber", 42)
                        .put("score", 0.5)
                        .put("exception.type", "mine")
                        .put("ledger.seq", "mine"));

        Attributes attributes = telemetry.record("workflow.run.queued").getAttributes();
        assertThat(attributes.get(longKey("prNumber"))).isEqualTo(42);
        assertThat(attributes.get(doubleKey("score"))).isEqualTo(0.5);
        assertThat(attributes.asMap().values()).doesNotContain("mine");
        assertThat(attributes.asMap().keySet()).extracting(AttributeKey::getKey).doesNotHaveDuplicates();
    }

    @Test
    void anEventBelongsToTheSpanInWhichItIsEmittedAndElseToItsDispatch() {
        RunId[] id = new RunId[1];
        Span request = telemetry.inside(
                "request",
                () -> id[0] =
                        host.ledger.dispatch(NewRun.of("review")).orElseThrow().id());
        host.ledger.execute(id[0], "w", scope -> RunOutcome.succeeded());

        String segment = telemetry.span("workflow.run").getSpanId();
        assertThat(spanOf("workflow.run.queued"))
                .isEqualTo(request.getSpanContext().getSpanId());
        assertThat(spanOf("workflow.run.running"))
                .isEqualTo(request.getSpanContext().getSpanId());
        assertThat(spanOf("workflow.run.succeeded")).isEqualTo(segment);
        assertThat(spanOf("workflow.run.completed")).isEqualTo(segment);
        assertThat(telemetry.records())
                .extracting(each -> each.getSpanContext().getTraceId())
                .containsOnly(request.getSpanContext().getTraceId());
    }

    @Test
    void whatGoesThroughAQueueKeepsTheTraceItWasCapturedIn() {
        Parts otel = Parts.of(OtelPlugin.of(telemetry.sdk));
        Span request;
        try (WorkflowRunEvents events = WorkflowRunEvents.builder()
                .sink(EventSink.queued(otel.sink(), 16))
                .carrier(otel.carrier())
                .build()) {
            request = telemetry.inside(
                    "request",
                    () -> events.log(
                            WorkflowRunEvent.QUEUED,
                            EventFields.of().runId("r-1").workflowName("review")));
        }
        assertThat(spanOf("workflow.run.queued"))
                .isEqualTo(request.getSpanContext().getSpanId());
    }

    @Test
    void everyFieldOfTheContractHasAnAttributeOfItsOwn() {
        assertThat(EventField.values())
                .filteredOn(FieldKeys::isAttribute)
                .extracting(FieldKeys::attributeName)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("(ledger|exception)\\.[a-z_]+|http\\.response\\.status_code"));
        assertThat(FieldKeys.attributeName(EventField.QUEUE_WAIT_MS)).isEqualTo("ledger.queue_wait_ms");
    }

    private String spanOf(String eventName) {
        return telemetry.record(eventName).getSpanContext().getSpanId();
    }

    private static long nanos(Instant at) {
        return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
    }
}
