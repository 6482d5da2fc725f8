package com.example.imports;

import static dev.runledger.event.WorkflowRunEvent.QUEUED;
import static dev.runledger.event.WorkflowRunEvent.RESUMED;
import static dev.runledger.testkit.LedgerAssertions.assertThat;
import static dev.runledger.testkit.LedgerAssertions.assertThatFanOut;

import dev.runledger.run.RunId;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.testkit.EventLines;
import dev.runledger.testkit.LedgerExtension;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.LogbackCapture;
import dev.runledger.testkit.MeterWitness;
import dev.runledger.testkit.SecretCanary;
import dev.runledger.testkit.TelemetryWitness;
import dev.runledger.testkit.Witness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every event reaches every place. */
class ListenersTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final InMemoryLogRecordExporter records = InMemoryLogRecordExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setLoggerProvider(SdkLoggerProvider.builder()
                    .addLogRecordProcessor(SimpleLogRecordProcessor.create(records))
                    .build())
            .build();
    private final Pages pages = new Pages();
    private final Files files = new Files().with("prices.csv", 4).breaking(1);

    @RegisterExtension
    private final LedgerExtension extension = LedgerExtension.of(() -> LedgerKit.builder()
            .name("listeners")
            .ledger(with -> Listeners.to(with, meters, telemetry, new AuditTrail(pages)))
            .build());

    private Imports imports;

    @BeforeEach
    void witnesses(LedgerKit kit) {
        kit.witness(LogbackCapture.ofAppender(Slf4jSink.JSON_LOGGER, "EVENTS"))
                .witness(MeterWitness.of(meters))
                .witness(TelemetryWitness.logs(records))
                .witness(TelemetryWitness.spans(spans))
                .witness(Witness.ofLines("audit", pages::lines));
        imports = new Imports(kit.ledger(), files, files, kit.clock());
        TenantCarrier.tenant("acme");
    }

    @AfterEach
    void close() {
        TenantCarrier.tenant(null);
        telemetry.close();
    }

    private RunId approved() throws Exception {
        RunId id = imports.order("prices.csv", "acme").orElseThrow().id();
        imports.work(id, "worker-1").orElseThrow();
        imports.decide(id, true, "ada").orElseThrow();
        imports.work(id, "worker-2").orElseThrow();
        return id;
    }

    @Test
    void everyPlaceHasTheSameEvents(LedgerKit kit) throws Exception {
        approved();
        imports.order("prices.zip", "acme");
        imports.order("prices.zip", "acme");
        assertThatFanOut(kit).reachedEveryWitness();
    }

    @Test
    void theAuditorsHaveEveryEvent(LedgerKit kit) throws Exception {
        approved();
        kit.settled();
        assertThatFanOut(kit).reached(Witness.ofLines("audit", pages::lines));
    }

    @Test
    void theAuditorsReadEvents(LedgerKit kit) throws Exception {
        approved();
        kit.settled();
        pages.lines().forEach(EventLines::assertThatIsEvent);
    }

    @Test
    void theTrailBeginsAtTheBeginning(LedgerKit kit) throws Exception {
        approved();
        kit.settled();
        assertThat(EventLines.assertThatIsEvent(pages.lines().get(0))).isOf(QUEUED);
    }

    @Test
    void anEndIsEchoed(LedgerKit kit) throws Exception {
        assertThat(kit.recorder()).run(approved()).isEchoed();
    }

    @Test
    void aDecisionIsEmittedOnce(LedgerKit kit) throws Exception {
        assertThat(kit.recorder()).run(approved()).event(RESUMED).hasField("actor", "ada");
    }

    @Test
    void theAuditorsMayBeSlow() throws Exception {
        CountDownLatch slow = pages.stuck();
        imports.order("prices.csv", "acme");
        pages.awaitWriter();
        imports.sweep(IntStream.range(0, 60).mapToObj("part-%d.csv"::formatted).toList());
        slow.countDown();
    }

    @Test
    void aReportHasNoTarget() {
        imports.orderReport("2026-01");
    }

    @Test
    void aTenantIsNotNeeded() {
        TenantCarrier.tenant(null);
        imports.order("prices.csv", "acme");
    }

    @Test
    void theFormOfAnOrderIsNotInTheTrail(LedgerKit kit, SecretCanary canary) {
        imports.orderByForm("prices.csv", "{\"vault\":\"%s\"}".formatted(canary.token()));
        kit.settled();
        canary.isNowhereIn(kit.recorder().events(), Witness.ofLines("audit", pages::lines));
    }
}
