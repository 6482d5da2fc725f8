package dev.runledger.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.Ledger;
import dev.runledger.event.LedgerEvent;
import dev.runledger.faults.Rounds;
import dev.runledger.jdbi.JdbiRunStore;
import dev.runledger.run.NewRun;
import dev.runledger.run.RunId;
import dev.runledger.sink.EventSink;
import dev.runledger.sink.Slf4jSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Many virtual threads work on runs: none of them is pinned to its carrier by the library. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "this JDK has no virtual threads")
class VirtualThreadsTest {
    @TempDir
    private Path folder;

    private final LongAdder events = new LongAdder();

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService) Executors.class
                .getMethod("newVirtualThreadPerTaskExecutor")
                .invoke(null); // by its name, since the build is for 17
    }

    private void life(Ledger ledger, String target) {
        RunId id = ledger.dispatch(NewRun.of("review").target(target).input("{\"pull\":42}"))
                .orElseThrow()
                .id();
        ledger.start(id, "worker-1").orElseThrow();
        ledger.succeed(id).orElseThrow();
    }

    private Duration lives(ExecutorService threads, Ledger ledger, String name, int many) throws Exception {
        long begun = System.nanoTime();
        List<Future<?>> lives = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            String target = name + "-" + i;
            lives.add(threads.submit(() -> life(ledger, target)));
        }
        for (Future<?> life : lives) {
            life.get(5, TimeUnit.MINUTES);
        }
        threads.shutdown();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static boolean isOfTheLibrary(RecordedEvent pinned) {
        return pinned.getStackTrace() != null
                && pinned.getStackTrace().getFrames().stream()
                        .map(frame -> frame.getMethod().getType().getName())
                        .anyMatch(type -> type.startsWith("dev.runledger.") && !type.contains(".trials."));
    }

    @Test
    void noVirtualThreadIsPinnedByTheLibrary() throws Exception {
        int many = Rounds.of(1_000, 10_000);
        AtomicInteger pinned = new AtomicInteger();
        try (JdbiRunStore store = JdbiRunStore.builder(folder.resolve("runs.db"))
                        .callBudget(Duration.ofMinutes(4))
                        .build();
                Ledger ledger = Ledger.builder()
                        .store(store)
                        .sink(Slf4jSink.jsonMessage())
                        .sink(EventSink.queued(EventSink.named("counting", new Counting(events)), 100_000))
                        .build();
                RecordingStream recording = new RecordingStream()) {
            recording
                    .enable("jdk.VirtualThreadPinned")
                    .withThreshold(Duration.ZERO)
                    .withStackTrace();
            recording.onEvent("jdk.VirtualThreadPinned", event -> pinned.addAndGet(isOfTheLibrary(event) ? 1 : 0));
            recording.startAsync();
            lives(Executors.newFixedThreadPool(64), ledger, "warm-up", many / 10);
            Duration platform = lives(Executors.newFixedThreadPool(64), ledger, "platform", many);
            Duration virtual = lives(virtualThreads(), ledger, "virtual", many);
            RecordingStream.class.getMethod("stop").invoke(recording); // and hands over what it has recorded
            System.out.printf(
                    "virtual threads on Java %s: %d runs in %d ms, on 64 platform threads in %d ms, %d pinned by the library%n",
                    Runtime.version().feature(), many, virtual.toMillis(), platform.toMillis(), pinned.get());
        }
        assertThat(pinned).hasValue(0);
        assertThat(events.sum()).isEqualTo(4L * (2 * many + many / 10));
    }

    /** Counts. */
    private record Counting(LongAdder seen) implements EventSink {
        @Override
        public void accept(LedgerEvent event) {
            seen.increment();
        }
    }
}
