package dev.runledger.kit;

import static dev.runledger.testkit.LedgerAssertions.assertThatFanOut;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.failure.Failure;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.TaskId;
import dev.runledger.run.Wait;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.TelemetryWitness;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reads records and spans that OpenTelemetry's own SDK made, called as {@code OtelPlugin} calls them. */
class TelemetryWitnessTest {
    private static final Map<String, String> OUTCOMES = Map.of(
            "workflow.run.suspended", "suspended",
            "workflow.run.succeeded", "succeeded",
            "workflow.run.cancelled", "cancelled");

    private final InMemoryLogRecordExporter records = InMemoryLogRecordExporter.create();
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final SdkLoggerProvider logs = SdkLoggerProvider.builder()
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(records))
            .build();
    private final SdkTracerProvider traces = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(spans))
            .build();
    private final LedgerKit kit = LedgerKit.builder()
            .name("t")
            .ledger(with -> with.sink(Sinks.of(this::export)))
            .build();
    private String workflow = "review";
    private boolean lossy;

    private void export(LedgerEvent event) {
        if (lossy) {
            return;
        }
        logs.get("test")
                .logRecordBuilder()
                .setAttribute(AttributeKey.stringKey("log.record.uid"), event.eventId())
                .setAttribute(
                        AttributeKey.stringKey("ledger.run_id"),
                        event.text(EventField.RUN_ID).orElse(""))
                .setAttribute(AttributeKey.stringKey("ledger.workflow_name"), workflow)
                .emit();
        String outcome = OUTCOMES.get(event.eventName());
        if (outcome != null) {
            traces.get("test")
                    .spanBuilder("RUN review")
                    .setAttribute("ledger.parent_run_id", "nobody")
                    .setAttribute("ledger.run_id", event.text(EventField.RUN_ID).orElse(""))
                    .setAttribute("ledger.run_extent", "segment")
                    .setAttribute("ledger.outcome", outcome)
                    .startSpan()
                    .end();
        }
    }

    private void attempt(String taskId, String outcome) {
        traces.get("test")
                .spanBuilder("task.execute")
                .setAttribute("ledger.run_id", "t-1")
                .setAttribute("ledger.task_id", taskId)
                .setAttribute("ledger.outcome", outcome)
                .startSpan()
                .end();
    }

    private RunId suspended() {
        RunId id = kit.ledger().dispatch(NewRun.of("review")).orElseThrow().id();
        kit.ledger().start(id, "w").orElseThrow();
        kit.ledger().suspend(id, Wait.of(Wait.Code.APPROVAL)).orElseThrow();
        return id;
    }

    @Test
    void aRecordAnEventAndASpanASegment() {
        RunId id = suspended();
        kit.ledger().resume(id, Resumption.of("approved", "ada")).orElseThrow();
        kit.ledger().succeed(id).orElseThrow();
        kit.ledger().cancel(suspended(), "off").orElseThrow();
        kit.witness(TelemetryWitness.logs(records)).witness(TelemetryWitness.spans(spans));
        assertThatFanOut(kit).reachedEveryWitness();
    }

    @Test
    void whatIsNotExportedIsMissed() {
        RunId id = suspended();
        kit.settled();
        lossy = true;
        kit.ledger().resume(id, Resumption.of("approved", "ada")).orElseThrow();
        kit.ledger().succeed(id).orElseThrow();
        assertThat(Messages.of(() ->
                        assertThatFanOut(kit).reached(TelemetryWitness.logs(records), TelemetryWitness.spans(spans))))
                .startsWith("""
                        Expected each event exactly once in [log records, spans], but
                          log records saw t-1:4 never, expected once
                          log records saw t-1:5 never, expected once
                          log records saw t-1:5:completed never, expected once
                          spans saw span of run t-1, succeeded never, expected once
                        """);
    }

    @Test
    void aRecordThatSaysSomethingElse() {
        workflow = "revue";
        kit.ledger().dispatch(NewRun.of("review")).orElseThrow();
        assertThat(Messages.of(() -> assertThatFanOut(kit).reached(TelemetryWitness.logs(records))))
                .contains("log records says workflowName=revue of t-1:1, which says review");
    }

    @Test
    void oneSegmentOfTwoIsMissed() {
        RunId id = suspended();
        kit.settled();
        lossy = true;
        kit.ledger().resume(id, Resumption.of("later", "ada")).orElseThrow();
        kit.ledger().suspend(id, Wait.of(Wait.Code.APPROVAL)).orElseThrow();
        assertThat(Messages.of(() -> assertThatFanOut(kit).reached(TelemetryWitness.spans(spans))))
                .contains("spans saw span of run t-1, suspended once, expected 2 times");
    }

    @Test
    void aSpanAnAttempt() {
        RunId id = kit.ledger().dispatch(NewRun.of("review")).orElseThrow().id();
        kit.ledger().start(id, "w").orElseThrow();
        TaskId task =
                kit.ledger().tasks().start(id, NewTask.of("read")).orElseThrow().id();
        kit.ledger().tasks().fail(task, Failure.of("no")).orElseThrow();
        kit.ledger().tasks().retry(task).orElseThrow();
        kit.ledger().tasks().succeed(task).orElseThrow();
        attempt(task.value(), "failed");
        attempt(task.value(), "succeeded");
        assertThatFanOut(kit).reached(TelemetryWitness.spans(spans));

        attempt(task.value(), "succeeded");
        assertThat(Messages.of(() -> assertThatFanOut(kit).reached(TelemetryWitness.spans(spans))))
                .contains("spans saw span of task %s, succeeded 2 times, expected once".formatted(task));
    }
}
