package dev.runledger.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.micrometer.LedgerMeters;
import dev.runledger.micrometer.MicrometerSink;
import dev.runledger.run.NewRun;
import dev.runledger.sink.Slf4jSink;
import dev.runledger.store.RunStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** Runs the snippet of the page on metrics. */
class MetricsPageTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RunStore store = RunStore.inMemory();

    @Test
    void settingItUp() {
        // snippet
        Ledger ledger = Ledger.builder()
                .store(store)
                .sink(Slf4jSink.keyValues())
                .sink(MicrometerSink.of(registry))
                .build();
        LedgerMeters meters = LedgerMeters.of(ledger);
        meters.bindTo(registry);
        // end
        ledger.dispatch(NewRun.of("review")).orElseThrow();
        assertThat(registry.get("workflow.run.events").counter().count()).isEqualTo(1);
        meters.close();
        ledger.close();
    }
}
