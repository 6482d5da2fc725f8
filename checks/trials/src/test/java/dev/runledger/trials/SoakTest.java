package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.failure.Failure;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.Database;
import dev.runledger.operations.Operations;
import dev.runledger.operations.RunPolicy;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Transition;
import dev.runledger.run.Wait;
import dev.runledger.sink.EventSink;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application that goes on for long, with operations, retention and a sink that fails: nothing grows. */
class SoakTest {
    private static final int SAMPLES = 30;
    private static final int RUNS_A_SECOND = 60; // each makes three or four transitions
    private static final double MIB = 1 << 20;

    @TempDir
    private Path folder;

    private record Sample(double minutes, double heapMib, int threads, int connections, long rows) {}

    @ParameterizedTest
    @EnumSource(Database.class)
    void nothingGrows(Database database) throws Exception {
        Duration pause = Duration.ofMillis(Rounds.of(200, 30_000)); // all together 6 seconds, or 15 minutes a database
        List<Sample> samples = new ArrayList<>();
        AtomicInteger refused = new AtomicInteger();
        try (TestStore store = TestStore.open(database, folder)) {
            EventSink faulty = EventSink.queued(
                    EventSink.named("faulty", event -> {
                        throw new IllegalStateException("always");
                    }),
                    1_000);
            try (Ledger ledger =
                            Ledger.builder().store(store.store()).sink(faulty).build();
                    Operations operations = Operations.builder(ledger)
                            .policy(RunPolicy.defaults().keep(Duration.ofSeconds(30)))
                            .sweepEvery(Duration.ofSeconds(1))
                            .removeEvery(Duration.ofSeconds(1))
                            .build()
                            .start()) {
                ScheduledExecutorService workers = Executors.newScheduledThreadPool(4);
                var work = workers.scheduleAtFixedRate(
                        () -> live(ledger, refused), 0, 1_000_000 / RUNS_A_SECOND, TimeUnit.MICROSECONDS);
                long begun = System.nanoTime();
                for (int i = 0; i < SAMPLES; i++) {
                    TimeUnit.MILLISECONDS.sleep(pause.toMillis());
                    samples.add(sample(begun, store));
                }
                assertThat(work.isDone()).as("the work goes on").isFalse();
                workers.shutdownNow();
                assertThat(workers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
                assertThat(operations.counters().failures()).isZero();
                assertThat(operations.health().problems()).isEmpty();
                assertThat(ledger.events().counters().sink("faulty").failed()).isPositive();
            }
        }
        List<Sample> settled = samples.subList(SAMPLES / 5, SAMPLES);
        Sample last = settled.get(settled.size() - 1);
        System.out.printf(
                "soak, %s: %.1f minutes, heap %.1f to %.1f MiB, slope %.2f MiB an hour, %d threads, %d connections, %d runs in the tables%n",
                database,
                last.minutes(),
                settled.get(0).heapMib(),
                last.heapMib(),
                slope(settled) * 60,
                last.threads(),
                last.connections(),
                last.rows());
        assertThat(refused).hasValue(0);
        assertThat(settled)
                .extracting(Sample::threads)
                .allMatch(threads -> threads <= settled.get(0).threads() + 2);
        assertThat(settled).extracting(Sample::connections).allMatch(connections -> connections <= 16);
        if (Rounds.of(0, 1) == 1) {
            assertThat(slope(settled) * 60).as("MiB an hour").isLessThan(4.0);
            assertThat(settled).extracting(Sample::rows).allMatch(rows -> rows < 60 * RUNS_A_SECOND * 2);
        }
    }

    /** Lets a run live: one in ten waits until its deadline, which operations act on, and one in ten fails. */
    private static void live(Ledger ledger, AtomicInteger refused) {
        try {
            var id = ledger.dispatch(NewRun.of("soak")).orElseThrow().id();
            int kind = Math.floorMod(id.hashCode(), 10);
            Transition end = ledger.execute(id, "worker", scope -> switch (kind) {
                case 0 -> RunOutcome.suspended(Wait.of(Wait.Code.WAIT).until(Instant.EPOCH, Wait.OnDeadline.CANCEL));
                case 1 -> RunOutcome.failed(Failure.of("one in ten"));
                default -> RunOutcome.succeeded();
            });
            if (!end.isApplied()) {
                refused.incrementAndGet();
            }
        } catch (RuntimeException failed) {
            if (!Thread.currentThread().isInterrupted()) {
                refused.incrementAndGet();
            }
        }
    }

    private static Sample sample(long begun, TestStore store) {
        System.gc();
        return new Sample(
                (System.nanoTime() - begun) / 60e9,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB,
                ManagementFactory.getThreadMXBean().getThreadCount(),
                store.pool().getHikariPoolMXBean().getTotalConnections(),
                store.count("ledger_run"));
    }

    /** Returns by how many MiB a minute the heap grows, by least squares. */
    private static double slope(List<Sample> samples) {
        double x = samples.stream().mapToDouble(Sample::minutes).average().orElseThrow();
        double y = samples.stream().mapToDouble(Sample::heapMib).average().orElseThrow();
        double above = samples.stream()
                .mapToDouble(sample -> (sample.minutes() - x) * (sample.heapMib() - y))
                .sum();
        return above
                / samples.stream()
                        .mapToDouble(sample -> (sample.minutes() - x) * (sample.minutes() - x))
                        .sum();
    }
}
