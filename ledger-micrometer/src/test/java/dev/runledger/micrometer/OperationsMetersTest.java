package dev.runledger.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runledger.Ledger;
import dev.runledger.operations.Operations;
import dev.runledger.operations.RunPolicy;
import dev.runledger.run.NewRun;
import dev.runledger.store.LeaseStore;
import dev.runledger.store.RunStore;
import dev.runledger.testkit.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The meters of what operations do. */
class OperationsMetersTest {
    private static final Duration LOST_AFTER = Duration.ofSeconds(30);

    private final MutableClock clock = MutableClock.at("2026-03-01T10:00:00Z");
    private final RunStore store = RunStore.inMemory(clock, 1_000);
    private final Ledger ledger = Ledger.builder().store(store).clock(clock).build();
    private final Ledger lost = Ledger.builder().store(store).clock(clock).build();
    private final Operations operations = Operations.builder(ledger)
            .policy(RunPolicy.defaults().keep(Duration.ofDays(1)))
            .lostAfter(LOST_AFTER)
            .build();

    @Test
    void whatWasRecoveredAndRemovedIsCounted() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (OperationsMeters meters = OperationsMeters.of(operations, "region", "eu")) {
            meters.bindTo(registry);
            var failed = registry.get("ledger.sweeper.runs")
                    .tags("recovery", "worker_lost", "action", "failed", "region", "eu")
                    .functionCounter();
            assertThat(failed.count()).isZero();

            var id = ledger.dispatch(NewRun.of("review")).orElseThrow().id();
            lost.start(id, "worker-1").orElseThrow();
            assertThat(ledger.maintenance().port(LeaseStore.class).heartbeat(lost.instance(), LOST_AFTER))
                    .isFalse();
            clock.advance(LOST_AFTER.plusSeconds(1));
            assertThat(operations.sweep()).isTrue();
            clock.advance(Duration.ofDays(2));
            assertThat(operations.removeExpired()).isTrue();

            assertThat(failed.count()).isOne();
            assertThat(registry.get("ledger.sweeper.lost").functionCounter().count())
                    .isOne();
            assertThat(registry.get("ledger.retention.removed")
                            .tag("kind", "runs")
                            .functionCounter()
                            .count())
                    .isOne();
            assertThat(registry.get("ledger.sweeper.age").gauge().value()).isBetween(0.0, 60.0);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void everyMeterIsInAScrape() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (OperationsMeters meters = OperationsMeters.of(operations)) {
            meters.bindTo(registry);
            assertThat(registry.scrape())
                    .contains(
                            "ledger_instances ",
                            "ledger_sweeper_age_seconds ",
                            "ledger_sweeper_runs_total{action=\"requeued\",recovery=\"shutdown\"}",
                            "ledger_sweeper_offered_total ",
                            "ledger_sweeper_overdue_total ",
                            "ledger_sweeper_lost_total ",
                            "ledger_sweeper_failures_total ",
                            "ledger_retention_removed_total{kind=\"payloads\"}");
        }
    }

    @Test
    void aTagOfTheLibraryIsRefused() {
        assertThatThrownBy(() -> OperationsMeters.of(operations, "recovery", "mine"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("recovery");
    }
}
