package dev.runledger.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.runledger.Ledger;
import dev.runledger.event.EventFields;
import dev.runledger.event.WorkflowRunEvent;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunStatistics;
import dev.runledger.run.CallOutcome;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.RunId;
import dev.runledger.run.Wait;
import dev.runledger.sink.EventSink;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import dev.runledger.store.StoreException;
import dev.runledger.testkit.MutableClock;
import dev.runledger.testkit.RecordingSink;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerMetersTest {
    private static final Duration OFTEN = Duration.ofMillis(20);

    private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    /** What happens before the store returns a snapshot. */
    private final AtomicReference<Runnable> before = new AtomicReference<>(() -> {});

    private final Ledger ledger = Ledger.builder()
            .store(new SometimesAway(RunStore.inMemory(clock, 100), before))
            .sink(new RecordingSink())
            .clock(clock)
            .build();
    private final LedgerMeters meters =
            LedgerMeters.builder(ledger).every(OFTEN).build();

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void gaugesShowWhatWaitsInTheStore() {
        queued("review", "q-1");
        clock.advance(Duration.ofSeconds(30));
        queued("review", "q-1");
        RunId running = queued("plan", "q-2");
        ledger.start(running, "w");
        RunId suspended = queued("plan", "q-2");
        ledger.start(suspended, "w");
        ledger.suspend(suspended, Wait.of(Wait.Code.APPROVAL));
        ledger.fail(queued("import", "q-3"), Failure.of("x"));
        clock.advance(Duration.ofSeconds(10));
        meters.bindTo(registry);

        awaitGauge("workflow.queue.depth", 2, "queue", "q-1");
        awaitGauge("workflow.queue.oldest.age", 40, "queue", "q-1");
        awaitGauge("workflow.run.active", 2, "workflow", "review", "state", "queued");
        awaitGauge("workflow.run.active", 0, "workflow", "review", "state", "running");
        awaitGauge("workflow.run.active", 1, "workflow", "plan", "state", "running");
        awaitGauge("workflow.run.active", 1, "workflow", "plan", "state", "suspended");
        awaitGauge("workflow.run.suspended.oldest.age", 10, "workflow", "plan");
        awaitGauge("workflow.run.failing", 1, "workflow", "import");
    }

    @Test
    void aStoreThatSwallowsTheInterruptIsReadNoMoreOnceItIsClosed() {
        AtomicReference<Thread> reading = new AtomicReference<>();
        before.set(() -> {
            reading.set(Thread.currentThread());
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException swallowed) {
                throw new StoreException("interrupted", StoreException.Certainty.NOT_STORED, swallowed);
            }
        });
        meters.bindTo(registry);
        await().until(() -> reading.get() != null);
        meters.close();
        await().atMost(Duration.ofSeconds(5)).until(() -> !reading.get().isAlive());
    }

    @Test
    void everyScrapeHasEverySeriesOnceWhileTheGaugesChange() {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        for (int i = 0; i < 50; i++) {
            queued("review-" + i, "q-" + i);
        }
        try (LedgerMeters restless =
                LedgerMeters.builder(ledger).every(Duration.ofMillis(1)).build()) {
            restless.bindTo(prometheus);
            await().until(() -> prometheus.find("workflow.queue.depth").gauges().size() == 50);
            for (int i = 0; i < 200; i++) {
                assertThat(prometheus.scrape().lines().filter(line -> line.startsWith("workflow_queue_depth{")))
                        .hasSize(50);
            }
        }
    }

    @Test
    void aForeignMeterWithTheSameNameKeepsNoOtherOut() {
        registry.gauge("ledger.contract.violations", 1);
        registry.counter("workflow.queue.depth", "queue", "q-1");
        queued("review", "q-1");
        meters.bindTo(registry);
        awaitGauge("workflow.run.active", 1, "workflow", "review", "state", "queued");
        assertThat(registry.get("ledger.snapshot.failures").functionCounter().count())
                .isZero();
    }

    @Test
    void twoSinksOfOneNameAreCountedTogether() {
        try (Ledger both = Ledger.builder()
                        .sink(EventSink.named("twin", new RecordingSink()))
                        .sink(EventSink.named("twin", new RecordingSink()))
                        .build();
                LedgerMeters ofBoth = LedgerMeters.of(both)) {
            ofBoth.bindTo(registry);
            both.events()
                    .log(WorkflowRunEvent.QUEUED, EventFields.of().runId("r-1").workflowName("review"));
            assertThat(registry.get("ledger.sink.events")
                            .tags("sink", "twin", "result", "delivered")
                            .functionCounter()
                            .count())
                    .isEqualTo(2);
        }
    }

    @Test
    void aQueueThatRanEmptyIsAtZeroAndNotGone() {
        RunId id = queued("review", "q-1");
        meters.bindTo(registry);
        awaitGauge("workflow.queue.depth", 1, "queue", "q-1");
        ledger.start(id, "w");
        awaitGauge("workflow.queue.depth", 0, "queue", "q-1");
        awaitGauge("workflow.queue.oldest.age", 0, "queue", "q-1");
    }

    @Test
    void whatTheStoreKnowsIsAtZeroBeforeItIsSeenInFlight() {
        RunId id = queued("review", "q-1");
        ledger.start(id, "w");
        ledger.succeed(id);
        meters.bindTo(registry);
        awaitGauge("workflow.queue.depth", 0, "queue", "q-1");
        awaitGauge("workflow.queue.oldest.age", 0, "queue", "q-1");
        for (String state : List.of("queued", "running", "suspended")) {
            awaitGauge("workflow.run.active", 0, "workflow", "review", "state", state);
        }
        awaitGauge("workflow.run.failing", 0, "workflow", "review");
        awaitGauge("workflow.run.suspended.oldest.age", 0, "workflow", "review");
    }

    @Test
    void closedTheyLeaveNothingInTheRegistryAndOthersTakeTheirPlace() {
        queued("review", "q-1");
        meters.bindTo(registry);
        awaitGauge("workflow.queue.depth", 1, "queue", "q-1");
        Ledger next = Ledger.builder().store(RunStore.inMemory(clock, 100)).build();
        try (LedgerMeters ofNext = LedgerMeters.builder(next).every(OFTEN).build()) {
            ofNext.bindTo(registry);
            next.dispatch(NewRun.of("review").taskQueue("q-1")).orElseThrow();
            next.dispatch(NewRun.of("review").taskQueue("q-1")).orElseThrow();
            assertThat(gauge("workflow.queue.depth", "queue", "q-1"))
                    .as("of the first, as long as it is open")
                    .isEqualTo(1);
            meters.close();
            awaitGauge("workflow.queue.depth", 2, "queue", "q-1");
            await().until(() -> gauge("ledger.snapshot.age") < 5);
        }
        await().untilAsserted(() -> assertThat(registry.getMeters()).isEmpty());
    }

    @Test
    void closedWhileTheStoreIsReadTheyLeaveNothingInTheRegistry() throws Exception {
        queued("review", "q-1");
        CountDownLatch reads = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        AtomicReference<Thread> reading = new AtomicReference<>();
        before.set(() -> {
            reading.set(Thread.currentThread());
            reads.countDown();
            while (closed.getCount() > 0) { // swallows the interrupt, as a driver may
                Thread.onSpinWait();
            }
        });
        meters.bindTo(registry);
        reads.await();
        meters.close();
        closed.countDown();
        reading.get().join();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void theyComeBackAfterTheRegistryWasCleared() {
        queued("review", "q-1");
        meters.bindTo(registry);
        awaitGauge("workflow.queue.depth", 1, "queue", "q-1");
        registry.clear();
        awaitGauge("workflow.queue.depth", 1, "queue", "q-1");
        await().until(() -> registry.find("ledger.snapshot.failures").functionCounter() != null);
    }

    @Test
    void twoLedgersOnOneRegistryHaveTagsOfTheirOwn() {
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Ledger second = Ledger.builder().store(RunStore.inMemory(clock, 100)).build();
        try (LedgerMeters one = LedgerMeters.builder(ledger)
                        .every(OFTEN)
                        .tags("ledger", "a")
                        .build();
                LedgerMeters other = LedgerMeters.builder(second)
                        .every(OFTEN)
                        .tags("ledger", "b")
                        .build()) {
            one.bindTo(prometheus);
            other.bindTo(prometheus);
            queued("review", "q-1");
            second.dispatch(NewRun.of("review").taskQueue("q-1")).orElseThrow();
            second.dispatch(NewRun.of("review").taskQueue("q-1")).orElseThrow();
            await().untilAsserted(() -> assertThat(prometheus.scrape())
                    .contains("workflow_queue_depth{ledger=\"a\",queue=\"q-1\"} 1.0")
                    .contains("workflow_queue_depth{ledger=\"b\",queue=\"q-1\"} 2.0"));
        }
    }

    @Test
    void aTagThatAMeterHasIsRefused() {
        assertThatThrownBy(
                        () -> LedgerMeters.builder(ledger).tags("queue", "mine").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the tag is 'queue', expected one that the meters do not have");
    }

    @Test
    void aStoreThatIsAwayLeavesTheLastValuesAndTheirAge() {
        queued("review", "q-1");
        meters.bindTo(registry);
        awaitGauge("workflow.queue.depth", 1, "queue", "q-1");
        before.set(() -> {
            throw new StoreException("away", StoreException.Certainty.NOT_STORED, null);
        });
        await().until(() ->
                registry.get("ledger.snapshot.failures").functionCounter().count() > 2);
        assertThat(gauge("workflow.queue.depth", "queue", "q-1")).isEqualTo(1);
        assertThat(gauge("ledger.snapshot.age")).isPositive();
        before.set(() -> {});
        queued("review", "q-1");
        awaitGauge("workflow.queue.depth", 2, "queue", "q-1");
    }

    @Test
    void aStoreThatIsStuckDelaysNobody() {
        CountDownLatch free = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        before.set(() -> {
            stuck.countDown();
            try {
                free.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        });
        meters.bindTo(registry);
        await().until(() -> stuck.getCount() == 0);
        assertThat(registry.getMeters()).as("a scrape").isNotEmpty();
        assertThat(gauge("ledger.snapshot.age")).isPositive();
        RunId id = queued("review", "q-1");
        assertThat(ledger.start(id, "w").isApplied()).isTrue();
        meters.close();
        free.countDown();
    }

    @Test
    void theLedgersOwnHealthIsCounted() {
        meters.bindTo(registry);
        assertThat(registry.find("ledger.calls").functionCounters())
                .as("before any call")
                .isEmpty();
        RunId id = queued("review", "q-1");
        ledger.start(id, "w");
        ledger.start(id, "other");
        ledger.succeed(RunId.of("nobody"));
        await().until(() -> registry.find("ledger.calls").functionCounters().size() == 4);
        assertThat(count("ledger.calls", "call", "start", "result", "applied")).isEqualTo(1);
        assertThat(count("ledger.calls", "call", "start", "result", "rejected")).isEqualTo(1);
        assertThat(count("ledger.calls", "call", "succeed", "result", "not_found"))
                .isEqualTo(1);
        ledger.tasks().skip(id, NewTask.of("lint"), "no sources");
        await().until(() -> registry.find("ledger.calls").functionCounters().size() == 5);
        assertThat(count("ledger.calls", "call", "skip_task", "result", "applied"))
                .isEqualTo(1);
        assertThat(count("ledger.sink.events", "sink", "RecordingSink", "result", "delivered"))
                .isEqualTo(3);
        assertThat(count("ledger.contract.violations")).isZero();
        assertThat(count("ledger.events.lost", "reason", "rolled_back")).isZero();
    }

    @Test
    void closedItLeavesNoThreadBehind() {
        meters.bindTo(registry);
        meters.close();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("ledger-meters") && thread.isAlive()));
    }

    @Test
    void whatIsNotPositiveIsNamed() {
        assertThatThrownBy(() -> LedgerMeters.builder(ledger).every(Duration.ZERO))
                .hasMessage("every is PT0S, expected more than zero");
    }

    /** A store whose statistics can be made to fail or to wait. */
    private record SometimesAway(RunStore store, AtomicReference<Runnable> before) implements RunStore, RunStatistics {
        @Override
        public <O extends CallOutcome> O apply(StoreCommand<O> command) {
            return store.apply(command);
        }

        @Override
        public byte[] identityKey() {
            return store.identityKey();
        }

        @Override
        public RunHistory history() {
            return store.history();
        }

        @Override
        public Snapshot snapshot(Duration failedWithin) {
            before.get().run();
            return ((RunStatistics) store).snapshot(failedWithin);
        }
    }

    /** A store that can be read and cannot count. */
    private record Uncounted(RunStore store) implements RunStore {
        @Override
        public <O extends CallOutcome> O apply(StoreCommand<O> command) {
            return store.apply(command);
        }

        @Override
        public byte[] identityKey() {
            return store.identityKey();
        }

        @Override
        public RunHistory history() {
            return store.history();
        }
    }

    @Test
    void aStoreWithoutStatisticsIsNamedAtOnce() {
        Ledger uncounted = Ledger.builder()
                .store(new Uncounted(RunStore.inMemory(clock, 100)))
                .build();
        assertThatThrownBy(() -> LedgerMeters.of(uncounted))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Uncounted.class.getName());
    }

    private RunId queued(String workflow, String queue) {
        return ledger.dispatch(NewRun.of(workflow).taskQueue(queue))
                .orElseThrow()
                .id();
    }

    private void awaitGauge(String name, double value, String... tags) {
        await().untilAsserted(() -> assertThat(gauge(name, tags)).isEqualTo(value));
    }

    private double gauge(String name, String... tags) {
        var found = registry.find(name).tags(tags).gauge();
        return found == null ? Double.NaN : found.value();
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }
}
