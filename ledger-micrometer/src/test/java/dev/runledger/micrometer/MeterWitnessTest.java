package dev.runledger.micrometer;

import static dev.runledger.testkit.LedgerAssertions.assertThatFanOut;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.Ledger;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.testkit.LedgerKit;
import dev.runledger.testkit.MeterWitness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** The testkit finds the meters that this sink really makes. */
class MeterWitnessTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LedgerKit kit = LedgerKit.builder()
            .ledger(with -> with.sink(MicrometerSink.of(registry)))
            .build();

    private void live(Ledger ledger) {
        RunId id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
        ledger.execute(id, "w", run -> {
            run.task("read", task -> 1);
            return RunOutcome.succeeded();
        });
    }

    @Test
    void everyEventSinceThenIsCountedOnce() {
        live(kit.ledger());
        MeterWitness late = MeterWitness.of(registry);
        kit.recorder().clear();
        live(kit.ledger());
        assertThatFanOut(kit.recorder()).reached(late);
    }

    @Test
    void aCountThatIsNotTheEventsIsNamed() {
        MeterWitness meters = MeterWitness.of(registry);
        live(kit.ledger());
        registry.counter(
                        LedgerMeter.RUN_EVENTS.meterName(),
                        "workflow",
                        "review",
                        "event",
                        WorkflowRunEvent.QUEUED.eventName(),
                        "channel",
                        "live")
                .increment();
        assertThatThrownBy(() -> assertThatFanOut(kit.recorder()).reached(meters))
                .hasMessageContaining(
                        "meters saw workflow.run.events{channel=live, event=workflow.run.queued, workflow=review} 2 times, expected once");
    }
}
