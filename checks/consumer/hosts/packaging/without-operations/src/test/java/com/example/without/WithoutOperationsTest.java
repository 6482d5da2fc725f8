package com.example.without;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.Ledger;
import dev.runledger.micrometer.LedgerMeters;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.run.NewRun;
import dev.runledger.run.Transition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** An application that has meters and no operations needs nothing of ledger-operations. */
class WithoutOperationsTest {
    @Test
    void theMetersOfTheLedgerWork() {
        assertThatThrownBy(() -> Class.forName("dev.runledger.operations.Operations"))
                .isInstanceOf(ClassNotFoundException.class);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Ledger ledger = Ledger.builder().sink(MicrometerSink.of(registry)).build();
                LedgerMeters meters = LedgerMeters.of(ledger)) {
            meters.bindTo(registry);
            Transition started = ledger.start(
                    ledger.dispatch(NewRun.of("review")).orElseThrow().id(), "worker-1");
            assertThat(started.isApplied()).isTrue();
        }
        assertThat(registry.find("workflow.run.events").counters()).isNotEmpty();
    }
}
