package dev.runledger.kit;

import static dev.runledger.testkit.LedgerAssertions.assertThatFanOut;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventField;
import dev.runledger.event.LedgerEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.Resumption;
import dev.runledger.run.RunId;
import dev.runledger.run.Wait;
import dev.runledger.run.WaitReason;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.TelemetryWitness;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reads records that OpenTelemetry's own SDK made. */
class TelemetryWitnessTest {
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
            .events(with -> with.sink(Sinks.of(this::export)))
            .build();
    private boolean lossy;

    private void export(LedgerEvent event) {
        if (lossy) {
            return;
        }
        logs.get("test")
                .logRecordBuilder()
                .setAttribute(AttributeKey.stringKey("log.record.uid"), event.eventId())
                .setAttribute(
                        AttributeKey.stringKey("runId"),
                        event.text(EventField.RUN_ID).orElse(""))
                .emit();
        if (Set.of("workflow.run.suspended", "workflow.run.succeeded").contains(event.eventName())) {
            traces.get("test")
                    .spanBuilder("workflow.run")
                    .setAttribute("workflow.parent.run.id", "nobody")
                    .setAttribute(
                            "workflow.run.id", event.text(EventField.RUN_ID).orElse(""))
                    .startSpan()
                    .end();
        }
    }

    private RunId suspended() {
        RunId id = kit.ledger().dispatch(NewRun.of("review")).orElseThrow().id();
        kit.ledger().start(id, "w").orElseThrow();
        kit.ledger().suspend(id, Wait.of(WaitReason.APPROVAL)).orElseThrow();
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
                          spans saw span workflow.run of t-1 once, expected 2 times
                        """);
    }
}
